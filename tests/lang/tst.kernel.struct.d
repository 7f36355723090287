/* SPDX-License-Identifier: BSD-2-Clause */
/* Structs of the kernel: members, pointers in chains, nested structs, enumerators, arithmetic. */
#pragma D option quiet

BEGIN
{
	printf("%d\n", curthread->tgid == pid);
	printf("%d\n", curthread->pid == tid);
	printf("%d\n", curthread->real_parent->tgid == ppid);
	printf("%d\n", curthread->group_leader->pid == pid);
	printf("%d\n", curthread->group_leader->group_leader->pid - pid);
	printf("%s\n", curthread->comm);
	printf("%d\n", curthread->group_leader == curthread);
	printf("%d\n", curthread->real_parent != curthread && curthread->real_parent != NULL);
	printf("%d\n", curthread->cred->uid.val == uid);
	printf("%d\n", curthread->mm != 0);
	this->t = curthread->group_leader;
	printf("%d %s\n", this->t->tgid == pid, this->t->comm);
	printf("%d\n", (*curthread).tgid == pid);
	printf("%d\n", *(&curthread->tgid) == pid);
	printf("%d\n", *(int *)((uintptr_t)curthread + offsetof(struct task_struct, tgid)) == pid);
	printf("%d\n", ((struct task_struct *)(uintptr_t)curthread)->tgid == pid);
	printf("%c%c\n", curthread->comm[0], curthread->comm[5]);
	printf("%d\n", sizeof (curthread->comm));
	printf("%d\n", sizeof (struct task_struct) > 1000);
	printf("%d\n", TCP_ESTABLISHED);
	self->t = curthread;
	exit(0);
}

END
{
	printf("%d %s\n", self->t->tgid == pid, self->t->comm);
}
