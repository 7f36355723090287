/* SPDX-License-Identifier: BSD-2-Clause */
/* A translated struct as a whole, into variables; strings in structs. */
#pragma D option quiet

struct me { string name; int pid; char c[6]; long z; uint8_t low : 3, high : 5; };
translator struct me < struct task_struct *t > { name = t->comm; pid = t->tgid; c = t->comm; low = 5; high = 9; };
struct me m;
struct me byname[string];
self struct me s;
BEGIN { m.z = 3; m = *xlate <struct me *>(curthread); printf("%s %d %s %d %d %d\n", m.name, m.pid == pid, m.c, m.z, m.low, m.high);
byname["a"] = xlate <struct me>(curthread); self->s = byname["a"];
printf("%s %d %s %d %d\n", self->s.name, self->s.pid == pid, self->s.c, self->s.z, sizeof(struct me));
self->s.name = "another"; this->n = self->s.name; printf("%s %s %d\n", this->n, byname["a"].name, self->s.name == "another");
@[self->s.name] = count();
exit(0); }
