/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's hooks that the providers choose from. */
#pragma once

#include "program/hook.h"

extern const struct hook hook_consumer, hook_clock, hook_egress, hook_ingress, hook_dev_queue,
	hook_receive_skb, hook_set_state, hook_kfree_skb, hook_sock_create, hook_sock_release,
	hook_destroy_sock, hook_sys_enter, hook_send_length, hook_recv_length, hook_exec,
	hook_files, hook_uring_file;
