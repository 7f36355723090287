/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables of the kernel: `name, module`name. Where one lies, the kernel's list
 * of symbols says. Of its type BTF knows nothing but for those of which each CPU
 * has its own, so the types of some that scripts ask for stand here; of any other
 * the address can be had, and cast.
 */
#include <string.h>

#include "base/symbols.h"
#include "lang/check_impl.h"

// clang-format off
static const struct {
	const char *name, *type;
} known[] = {
	{ "avenrun", "unsigned long [3]" },
	{ "init_net", "struct net" },
	{ "init_task", "struct task_struct" },
	{ "init_uts_ns", "struct uts_namespace" },
	{ "jiffies", "unsigned long" },
	{ "jiffies_64", "uint64_t" },
	{ "linux_banner", "char [256]" },
	{ "max_pfn", "unsigned long" },
	{ "net_namespace_list", "struct list_head" },
	{ "nr_threads", "int" },
	{ "panic_on_oops", "int" },
	{ "saved_command_line", "char *" },
	{ "tcp_hashinfo", "struct inet_hashinfo" },
	{ "tcp_memory_pressure", "unsigned long" },
	{ "tcp_prot", "struct proto" },
	{ "tcpv6_prot", "struct proto" },
	{ "total_forks", "unsigned long" },
	{ "udp_prot", "struct proto" },
	{ "udp_table", "struct udp_table" },
	{ "udpv6_prot", "struct proto" },
};
// clang-format on

static const char *known_type(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].type;
	return NULL;
}

/* Of "module`name" the two; of "`name" the name. */
static const char *split(struct check *ck, const char *text, const char **module)
{
	const char *tick = strchr(text, '`');

	*module = tick ? arena_strndup(ck->s->arena, text, (size_t)(tick - text)) : NULL;
	return tick ? tick + 1 : text;
}

static bool find_address(struct check *ck, const struct node *n, uint64_t *address)
{
	const char *module, *name = split(ck, n->name, &module);

	if (symbols_data("/proc/kallsyms", module, name, address))
		return true;
	check_error(ck, n->loc, "D_IDENT_UNDEF",
		    "failed to resolve `%s: /proc/kallsyms lists no such variable", n->name);
	if (!symbols_data("/proc/kallsyms", NULL, "jiffies", address))
		diag_hint(ck->s->diag,
			  "nor any other: this kernel was built without CONFIG_KALLSYMS_ALL");
	return false;
}

static bool is_hidden(struct check *ck, const struct node *n, uint64_t address)
{
	if (!address)
		check_error(ck, n->loc, "D_SYM_ADDR",
			    "`%s: /proc/kallsyms hides where it lies; that needs root", n->name);
	return !address;
}

static void make_address(struct check *ck, struct node *n, uint64_t address, struct type *to)
{
	n->kind = NODE_INT;
	n->value = address;
	n->name = NULL;
	n->type = types_pointer(ck->s->types, to);
}

struct type *check_kernel(struct check *ck, struct node *n)
{
	const char *module, *name = split(ck, n->name, &module), *text = known_type(name);
	struct type *t = text ? check_type_text(ck->s, text) : NULL;
	struct node *at;
	uint64_t address;

	if (!find_address(ck, n, &address))
		return NULL;
	if (!t) {
		check_error(
			ck, n->loc, "D_SYM_NOTYPES",
			"the type of the kernel's variable `%s is not known: BTF describes types "
			"and functions of this kernel, not its variables",
			n->name);
		diag_hint(ck->s->diag, "say what it is: *(TYPE *)&`%s", n->name);
		return NULL;
	}
	if (is_hidden(ck, n, address))
		return NULL;
	at = node_new(ck->s, NODE_INT, n->loc);
	make_address(ck, at, address, t);
	n->kind = NODE_UNARY;
	n->op = OP_DEREF;
	n->left = at;
	return n->type = t;
}

struct type *check_kernel_address(struct check *ck, struct node *n)
{
	const char *module, *name = split(ck, n->left->name, &module), *text = known_type(name);
	struct type *t = text ? check_type_text(ck->s, text) : NULL;
	uint64_t address;

	if (!find_address(ck, n->left, &address) || is_hidden(ck, n->left, address))
		return NULL;
	make_address(ck, n, address, t ? t : check_basic(ck, "void"));
	n->left = NULL;
	return n->type;
}
