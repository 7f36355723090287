/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls that send or receive, seen before they do: which socket they are
 * about.  A descriptor leads there through the task's table:
 *
 *	task->files->fdt->fd[n]->private_data->sk
 *
 * Calls of 32-bit programs on a 64-bit kernel have other numbers, and are passed
 * over.  io_uring sends and receives without a call: its requests are seen when
 * they take their file from the table.  Those of files that are registered with the
 * ring do not, and are passed over.
 */
#include "provider/call.h"

#include <linux/io_uring.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "provider/kernel.h"

/* linux/io_uring.h has them since 6.0 and 6.1. */
enum { OP_SEND_ZC = 47, OP_SENDMSG_ZC };

#define S_IFSOCK_BITS 0xc000
#define S_IFMT_BITS 0xf000

/* Which argument is the descriptor. */
static const struct call {
	enum call_direction direction;
	int number, argument;
} calls[] = {
	{CALL_SENDS, SYS_write, 0},	 {CALL_SENDS, SYS_writev, 0},
	{CALL_SENDS, SYS_pwritev2, 0},	 {CALL_SENDS, SYS_sendto, 0},
	{CALL_SENDS, SYS_sendmsg, 0},	 {CALL_SENDS, SYS_sendmmsg, 0},
	{CALL_SENDS, SYS_sendfile, 0},	 {CALL_SENDS, SYS_splice, 2},
	{CALL_RECEIVES, SYS_read, 0},	 {CALL_RECEIVES, SYS_readv, 0},
	{CALL_RECEIVES, SYS_preadv2, 0}, {CALL_RECEIVES, SYS_recvfrom, 0},
	{CALL_RECEIVES, SYS_recvmsg, 0}, {CALL_RECEIVES, SYS_recvmmsg, 0},
	{CALL_RECEIVES, SYS_splice, 0},	 {CALL_CONNECTS, SYS_connect, 0},
};

/* The same of rings. */
static const struct call requests[] = {
	{CALL_SENDS, IORING_OP_WRITEV},	    {CALL_SENDS, IORING_OP_SENDMSG},
	{CALL_SENDS, IORING_OP_WRITE},	    {CALL_SENDS, IORING_OP_SEND},
	{CALL_SENDS, OP_SEND_ZC},	    {CALL_SENDS, OP_SENDMSG_ZC},
	{CALL_RECEIVES, IORING_OP_READV},   {CALL_RECEIVES, IORING_OP_RECVMSG},
	{CALL_RECEIVES, IORING_OP_READ},    {CALL_RECEIVES, IORING_OP_RECV},
	{CALL_CONNECTS, IORING_OP_CONNECT},
};

#define NCALLS (sizeof(calls) / sizeof(*calls))
#define NREQUESTS (sizeof(requests) / sizeof(*requests))

/* The descriptor, unsigned, in a register. */
static int descriptor(struct emit *e, unsigned directions, int skip)
{
	struct place regs = {SPACE_BTF, tracepoint_arg(e, 0), 0};
	int id = tracepoint_arg(e, 1), fd = ir_reg(e->ir), found = ir_label(e->ir), next;
	size_t mark = emit_scope(e);

	emit_branch_point(e);
	for (size_t i = 0; i < NCALLS; i++) {
		if (!(calls[i].direction & directions))
			continue;
		next = ir_label(e->ir);
		ir_branchi(e->ir, IR_NE, id, calls[i].number, next);
		ir_mov(e->ir, fd, kernel_call_argument(e, regs, calls[i].argument));
		emit_scope_end(e, mark);
		ir_jump(e->ir, found);
		ir_place(e->ir, next);
	}
	ir_jump(e->ir, skip);
	ir_place(e->ir, found);
	ir_extend(e->ir, fd, fd, 4, false);
	return fd;
}

static int follow(struct emit *e, int from, const char *tag, const char *path)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, from, 0}, tag, path);
}

static int current_task(struct emit *e)
{
	int task = ir_reg(e->ir);

	IR_CALL0(e->ir, task, BPF_FUNC_get_current_task_btf);
	return task;
}

/* struct file of a descriptor of this task, whose structs are loaded from as they are. */
static int open_file(struct emit *e, int task, int fd, int skip)
{
	struct place table = {SPACE_BTF, task, 0};
	int at = ir_reg(e->ir), file;

	table.base = emit_peek_field(e, table, "task_struct", "files");
	table.base = emit_peek_field(e, table, "files_struct", "fdt");
	emit_branch_point(e);
	ir_branch(e->ir, IR_UGE, fd, emit_peek_field(e, table, "fdtable", "max_fds"), skip);
	ir_alui(e->ir, IR_SHL, at, fd, 3);
	ir_alu(e->ir, IR_ADD, at, at, emit_peek_field(e, table, "fdtable", "fd"));
	file = emit_peek(e, (struct place){SPACE_KERNEL, at, 0}, 8);
	skip_if(e, IR_EQ, file, 0, skip);
	return file;
}

static struct place socket_of(struct emit *e, int file, int skip)
{
	int kind = ir_reg(e->ir), sk;

	ir_alui(e->ir, IR_AND, kind,
		follow(e, follow(e, file, "file", "f_inode"), "inode", "i_mode"), S_IFMT_BITS);
	skip_if(e, IR_NE, kind, S_IFSOCK_BITS, skip);
	sk = follow(e, follow(e, file, "file", "private_data"), "socket", "sk");
	skip_if(e, IR_EQ, sk, 0, skip);
	return (struct place){SPACE_KERNEL, sk, 0};
}

struct place call_socket(struct emit *e, unsigned directions, int skip)
{
	int fd = descriptor(e, directions, skip), task = current_task(e);

	kernel_skip_compat(e, task, skip);
	return socket_of(e, open_file(e, task, fd, skip), skip);
}

struct place uring_socket(struct emit *e, unsigned directions, int skip)
{
	struct place request = {SPACE_BTF, tracepoint_arg(e, 0), 0};
	int fd = ir_reg(e->ir), wanted = ir_label(e->ir), opcode;

	opcode = emit_peek_field(e, request, "io_kiocb", "opcode");
	emit_branch_point(e);
	for (size_t i = 0; i < NREQUESTS; i++)
		if (requests[i].direction & directions)
			ir_branchi(e->ir, IR_EQ, opcode, requests[i].number, wanted);
	ir_jump(e->ir, skip);
	ir_place(e->ir, wanted);
	ir_extend(e->ir, fd, tracepoint_arg(e, 1), 4, false);
	return socket_of(e, open_file(e, current_task(e), fd, skip), skip);
}
