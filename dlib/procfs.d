/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads, as /proc of other systems has them. */

typedef struct psinfo {
	int pr_nlwp;
	pid_t pr_pid;
	pid_t pr_ppid;
	pid_t pr_pgid;
	pid_t pr_sid;
	uid_t pr_uid;
	uid_t pr_euid;
	gid_t pr_gid;
	gid_t pr_egid;
	uintptr_t pr_addr;
	string pr_fname;
	string pr_psargs;
	taskid_t pr_taskid;
	projid_t pr_projid;
	poolid_t pr_poolid;
	zoneid_t pr_zoneid;
} psinfo_t;

translator psinfo_t < struct task_struct *t > {
	pr_nlwp = t->signal->nr_threads;
	pr_pid = t->tgid;
	pr_ppid = t->real_parent->tgid;
	pr_pgid = t->signal->pids[PIDTYPE_PGID]->numbers[0].nr;
	pr_sid = t->signal->pids[PIDTYPE_SID]->numbers[0].nr;
	pr_uid = t->cred->uid.val;
	pr_euid = t->cred->euid.val;
	pr_gid = t->cred->gid.val;
	pr_egid = t->cred->egid.val;
	pr_addr = (uintptr_t)t;
	pr_fname = t->comm;
	pr_psargs : "the arguments of a process are in its own memory: pr_fname has its name";
	pr_taskid = 0;			/* Linux has no tasks, projects, pools and zones */
	pr_projid = 0;
	pr_poolid = 0;
	pr_zoneid = 0;
};

inline int SSLEEP = 1;
inline int SRUN = 2;
inline int SZOMB = 3;
inline int SSTOP = 4;
inline int SIDL = 5;
inline int SONPROC = 6;

typedef struct lwpsinfo {
	int pr_flag;
	id_t pr_lwpid;
	uintptr_t pr_addr;
	char pr_state;
	char pr_sname;
	char pr_nice;
	int pr_pri;
	processorid_t pr_onpro;
	string pr_name;
} lwpsinfo_t;

translator lwpsinfo_t < struct task_struct *t > {
	pr_flag = t->flags;
	pr_lwpid = t->pid;
	pr_addr = (uintptr_t)t;
	pr_state = t->on_cpu ? SONPROC : t->exit_state ? SZOMB : t->__state == 0 ? SRUN :
	    t->__state & 0xc ? SSTOP : SSLEEP;
	pr_sname = t->on_cpu ? 'O' : t->exit_state ? 'Z' : t->__state == 0 ? 'R' :
	    t->__state & 0xc ? 'T' : 'S';
	pr_nice = t->static_prio - 120;
	pr_pri = t->prio;
	pr_onpro = t->on_cpu ? cpu : t->wake_cpu;
	pr_name = t->comm;
};

inline psinfo_t *curpsinfo = xlate <psinfo_t *> (curthread);
inline lwpsinfo_t *curlwpsinfo = xlate <lwpsinfo_t *> (curthread);
