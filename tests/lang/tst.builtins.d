/* SPDX-License-Identifier: BSD-2-Clause */
/* Built-in variables. */
#pragma D option quiet

uint64_t t0;
int64_t w0;

BEGIN
{
	t0 = timestamp;
	w0 = walltimestamp;
	printf("%d %d\n", timestamp == timestamp, timestamp > 0);
	printf("%d\n", pid > 1 && tid > 1 && ppid > 0);
	printf("%d %d %d %d\n", uid - $uid, gid - $gid, euid - $euid, egid - $egid);
	printf("%s\n", execname);
	printf("%d\n", cpu >= 0 && cpu == curcpu->cpu_id);
	printf("[%s][%s][%s][%s]\n", probeprov, probemod, probefunc, probename);
	printf("%d %d\n", id == 1, epid);
	printf("%d\n", (walltimestamp / 1000000000) > 1700000000);
	printf("%d %d [%s]\n", ipl, jid, zonename);
	printf("%d %d\n", arg0, arg5);
	printf("%d\n", pid == $pid);
	printf("%d %d\n", $uid == uid, $ppid == ppid);
}

tick-10ms
{
	printf("%s\n", probename);
	printf("%d\n", timestamp - t0 >= 1000000 && timestamp - t0 < 10000000000);
	printf("%d\n", walltimestamp > w0);
	exit(0);
}

END
{
	printf("[%s] %d\n", probename, timestamp > t0);
}
