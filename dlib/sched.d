/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPU that a probe fires on. */

typedef struct cpuinfo {
	processorid_t cpu_id;
	psetid_t cpu_pset;
	chipid_t cpu_chip;
	lgrp_id_t cpu_lgrp;
} cpuinfo_t;

translator cpuinfo_t < struct task_struct *t > {
	cpu_id = cpu;
	cpu_pset = 0;			/* Linux has no sets of processors */
	cpu_chip : "no probe can see the package of its CPU: map cpu_id with lscpu(1)";
	cpu_lgrp : "no probe can see the memory node of its CPU: map cpu_id with lscpu(1)";
};

inline cpuinfo_t *curcpu = xlate <cpuinfo_t *> (curthread);
