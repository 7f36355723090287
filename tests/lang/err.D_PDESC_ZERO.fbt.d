/* fbt has FreeBSD's entry points, no functions of this kernel. */
fbt:vmlinux:tcp_sendmsg:entry
{
	trace(execname);
}
