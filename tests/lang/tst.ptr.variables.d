/* SPDX-License-Identifier: BSD-2-Clause */
/* Pointers in variables of every kind, arithmetic and indexing on them. */
#pragma D option quiet

struct task_struct *g;
struct task_struct *arr[int];
self struct task_struct *s;
int *ip;

BEGIN
{
	g = curthread;
	arr[1] = curthread;
	self->s = curthread;
	this->t = curthread;
	printf("%d %d %d %d\n", g->tgid == pid, arr[1]->tgid == pid, self->s->tgid == pid, this->t->tgid == pid);
	printf("%d %d\n", g == curthread, arr[1] == self->s);
	ip = &curthread->tgid;
	printf("%d %d %d\n", *ip == pid, ip[0] == pid, *(ip - 1) == curthread->pid);
	this->c = (char *)&curthread->comm;
	printf("%c%c%c\n", this->c[0], *(this->c + 1), this->c[2 + (pid ? 0 : 1)]);
	this->c++;
	printf("%s\n", stringof(this->c));
	arr[1] = 0;
	printf("%d %d\n", arr[1] == NULL, arr[1] == 0);
	printf("%d\n", !arr[1] && arr[2] == NULL && g);
	printf("%d\n", g ? 1 : 2);
	exit(0);
}
