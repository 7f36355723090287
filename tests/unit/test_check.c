/* SPDX-License-Identifier: BSD-2-Clause */
/* The checker: types, names, translators, calls, formats, aggregations and what it refuses. BTF:
 * tests/fixtures/types.btf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agg/agg.h"
#include "base/format.h"
#include "builtin/builtin.h"
#include "lang/check.h"
#include "lang/parse.h"

static struct arena *arena;
static struct types *types;
static struct diag *diag;
static struct script *script;

static const char library[] =
	"struct pkt { int len; unsigned char ttl; char name[16]; unsigned int addr; struct pkt *next; int a[4];\n"
	"  unsigned f : 3; };\n"
	"struct sock2 { int port; };\n"
	"typedef struct info { string i_name; int i_len; uint16_t i_ttl; unsigned int i_addr; int i_gone; int i_not; int i_none; } info_t;\n"
	"typedef struct sinfo { int s_port; } sinfo_t;\n"
	"translator info_t < struct pkt *P > { i_name = P->name; i_len = P->len * 2; i_ttl = P->ttl; i_addr = P->addr;\n"
	"  i_gone = P->lenn; i_none : \"it has none; use i_len\"; };\n"
	"translator sinfo_t < struct sock2 *S > { s_port = S->port; };\n"
	"typedef struct ninfo { int n_length; } ninfo_t;\n"
	"translator ninfo_t < struct packet *K > { n_length = K->length; };\n"
	"inline int TH_SYN = 1 << 1;\n"
	"inline string state[int s] = s == 0 ? \"closed\" : \"open\";\n";

static const char *const natives[] = {
	"struct pkt *",	   "int", "struct sock2 *", "struct sock2 *",
	"struct packet *", /* of the
			     kernel */
};
static const char *const stable[] = {
	"info_t *", "int", "sinfo_t *", "struct sock2 *", "ninfo_t *",
};
static const struct check_args args = {stable, natives, 5};

static const char *btf;

static void add(const char *text, bool is_library)
{
	struct source *src = ARENA_NEW(arena, struct source);

	src->name = is_library ? "lib.d" : "test.d";
	src->text = arena_strdup(arena, text);
	src->len = strlen(text);
	src->is_file = true;
	src->is_library = is_library;
	parse_source(script, src, PARSE_PROGRAM);
}

/* What diag_print() says of all errors. */
static const char *messages(void)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	const char *copy;

	diag_print(diag, true, f);
	fclose(f);
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

static struct clause *check(const char *text)
{
	static struct macro_args macros;

	if (arena) {
		types_free(types);
		arena_free(arena);
	}
	arena = arena_new();
	types = types_new(arena, btf);
	diag = diag_new(arena);
	script = script_new(arena, types, diag, &macros);
	add(library, true);
	assert_int_equal(diag_count(diag), 0);
	add(text, false);
	if (!diag_failed(diag)) {
		for (struct clause *c = script->clauses; c; c = c->next)
			check_clause(script, c, args);
		check_finish(script);
	}
	return script->clauses;
}

static struct clause *good(const char *text)
{
	struct clause *c = check(text);

	if (diag_failed(diag))
		fail_msg("%s: %s", text, messages());
	return c;
}

/* The expression of the first statement "x = EXPR;" or "EXPR;". */
static struct node *expr(const char *text)
{
	char copy[256];
	struct node *n;

	snprintf(copy, sizeof(copy), "BEGIN { %s }", text);
	n = good(copy)->body->left;
	return n->kind == NODE_ASSIGN ? n->right : n;
}

static void folds_to(const char *text, int64_t value, const char *type)
{
	char copy[256];
	struct node *n;

	snprintf(copy, sizeof(copy), "BEGIN { x = %s; }", text);
	n = good(copy)->body->left->right;
	if (n->kind != NODE_INT)
		fail_msg("%s is not folded", text);
	assert_int_equal((int64_t)n->value, value);
	assert_string_equal(type_name(arena, n->type), type);
}

static void has_type(const char *statements, const char *type)
{
	char copy[512];
	struct node *n;

	snprintf(copy, sizeof(copy), "BEGIN { %s }", statements);
	n = good(copy)->body;
	while (n->next)
		n = n->next;
	n = n->left;
	assert_string_equal(type_name(arena, n->kind == NODE_ASSIGN ? n->right->type : n->type),
			    type);
}

/* Exactly one error, and the output has tag and text. */
static void refuses(const char *text, const char *tag, const char *part)
{
	const char *said;

	check(text);
	said = messages();
	if (diag_count(diag) != 1 || !strstr(said, tag) || (part && !strstr(said, part)))
		fail_msg("%s: %d errors, wanted [%s] %s:\n%s", text, diag_count(diag), tag, part,
			 said);
}

static void bad(const char *statements, const char *tag, const char *part)
{
	char copy[1024];

	snprintf(copy, sizeof(copy), "BEGIN { %s }", statements);
	refuses(copy, tag, part);
}

static void test_fold(void **state)
{
	(void)state;
	folds_to("1 + 2 * 3", 7, "int");
	folds_to("-1", -1, "int");
	folds_to("~0u", 4294967295, "unsigned int");
	folds_to("-1 < 0u", 0, "int");
	folds_to("-1 < 0", 1, "int");
	folds_to("-1L / 2u", 0, "long");
	folds_to("7 / -2", -3, "int");
	folds_to("7 % -2", 1, "int");
	folds_to("2147483647 + 1", INT32_MIN, "int");
	folds_to("(-9223372036854775807L - 1) / -1", INT64_MIN, "long");
	folds_to("1 << 4", 16, "int");
	folds_to("-8 >> 1", -4, "int");
	folds_to("-1u >> 31", 1, "unsigned int");
	folds_to("(char)300", 44, "char");
	folds_to("(unsigned char)-1", 255, "unsigned char");
	folds_to("(signed char)255 == -1", 1, "int");
	folds_to("1 ? 2 : 3", 2, "int");
	folds_to("0 && timestamp", 0, "int");
	folds_to("1 || timestamp", 1, "int");
	folds_to("1 ^^ 1", 0, "int");
	folds_to("!5", 0, "int");
	folds_to("sizeof(int)", 4, "unsigned long");
	folds_to("sizeof(struct pkt *)", 8, "unsigned long");
	folds_to("sizeof(args[0]->i_ttl)", 2, "unsigned long");
	folds_to("offsetof(struct pkt, name)", 5, "unsigned long");
	folds_to("TH_SYN", 2, "int");
	folds_to("TH_SYN | 1", 3, "int");
	folds_to("GREEN", 5, "int");
	folds_to("NULL == 0", 1, "int");
	folds_to("\"\" == NULL", 1, "int");
	folds_to("NULL != \"x\"", 1, "int");
	folds_to("\"a\" < \"b\"", 1, "int");
}

static void test_types(void **state)
{
	(void)state;
	has_type("x = timestamp;", "uint64_t");
	has_type("x = pid; x + 1;", "int");
	has_type("x = pid; x + 1u;", "unsigned int");
	has_type("x = timestamp; x / 1000;", "unsigned long");
	has_type("x = execname == \"a\";", "int");
	has_type("x = execname; pid ? x : \"\";", "string");
	has_type("this->p = args[3]; this->p->port;", "int");
	has_type("this->p = (struct pkt *)0; &this->p->len;", "int *");
	has_type("this->p = (struct pkt *)arg0; this->p->a[1];", "int");
	has_type("this->p = (struct pkt *)arg0; this->p + 1;", "struct pkt *");
	has_type("this->p = (struct pkt *)arg0; this->p - this->p;", "long");
	has_type("this->p = (struct pkt *)arg0; x = this->p->name; x;", "string");
	has_type("this->p = (struct pkt *)arg0; *this->p->a;", "int");
	has_type("this->p = (struct pkt *)arg0; this->p->f + 1;", "int");
	has_type("this->p = (char *)arg0; stringof(this->p);", "string");
	has_type("(string)(char *)arg0;", "string");
	has_type("n++;", "int64_t");
	has_type("n[pid] += 3; n[pid];", "int");
	has_type("self->p = NULL; self->p;", "void *");
	has_type("pid ? (char *)arg0 : NULL;", "char *");
	has_type("args[1];", "int");
	has_type("args[0]->i_name;", "string");
	has_type("xlate <info_t> ((struct pkt *)arg0).i_len;", "int");
	has_type("xlate <info_t *> ((struct pkt *)arg0)->i_ttl;", "uint16_t");
	has_type("state[3];", "string");
}

static void test_marks(void **state)
{
	struct node *n;

	(void)state;
	n = expr("execname == \"a\"");
	assert_int_equal(type_resolve(n->operand_type)->kind, TYPE_STRING);
	n = expr("pid < 3u");
	assert_false(n->operand_type->is_signed);
	n = expr("args[0]->i_len");
	assert_int_equal(n->kind, NODE_MEMBER);
	assert_non_null(n->xmember);
	assert_int_equal(n->left->kind, NODE_ARG);
	assert_non_null(n->left->xlator);
	assert_non_null(n->xmember->expr->type);
	n = expr("args[3]->port");
	assert_null(n->xmember);
	assert_null(n->left->xlator);
	assert_int_equal(n->left->value, 3);
	n = expr("args[0] != NULL");
	assert_int_equal(n->right->kind, NODE_INT);
	n = expr("&((struct pkt *)arg0)->addr");
	assert_int_equal(n->left->bit_offset, 24 * 8);
	/* a kernel pointer kept in a variable, still seen through the translator */
	n = good("BEGIN { self->s = args[4]; x = self->s->n_length; self->s = NULL; }")
		    ->body->next->left->right;
	assert_non_null(n->xmember);
	assert_ptr_equal(n->left->xlator, n->left->sym->xlator);
	/* a char pointer compared with a string is made a string */
	n = expr("(char *)arg0 == \"a\"");
	assert_int_equal(n->left->op, OP_STRINGOF);
}

static void test_variables(void **state)
{
	struct symbol *v;

	(void)state;
	good("BEGIN { a[1, \"x\"] = timestamp; } END { a[timestamp, execname] = 0; }");
	v = script->variables;
	assert_int_equal(script->nvariables, 1);
	assert_int_equal(v->nkeys, 2);
	assert_int_equal(type_resolve(v->keys[0])->size, 8);
	assert_int_equal(type_resolve(v->keys[1])->kind, TYPE_STRING);
	good("int last[uint64_t]; BEGIN /last[pid]/ { last[1] = 2; }");
	good("BEGIN { procs[1] = execname; procs[1] = 0; s = execname; s = NULL; }");
	good("self int x; BEGIN /!self->x/ { self->x = 1; self->x++; self->x += 3; }");
	good("string s; BEGIN { s = \"a\"; s = args[0]->i_name; }");
	refuses("BEGIN /x/ { } BEGIN { x = 1; }", "D_IDENT_UNDEF", "failed to resolve x");
	refuses("BEGIN { total = 1; } END { x = totl; }", "D_IDENT_UNDEF", "did you mean total?");
	refuses("BEGIN { self->ts = 1; } END { x = ts; }", "D_IDENT_UNDEF",
		"did you mean self->ts?");
	refuses("BEGIN /self->x/ { } BEGIN { self->x = 1; }", "D_IDENT_UNDEF", "self->x");
	refuses("BEGIN { this->x = y; z = this->x + 1; }", "D_IDENT_UNDEF", "resolve y");
	bad("a[1] = 1; a[1, 2] = 1;", "D_PROTO_LEN", "1 key expected, 2 given");
	bad("a[1] = 1; a[\"x\"] = 1;", "D_PROTO_ARG", "key #1");
	bad("a[1] = 1; x = a;", "D_IDENT_BADREF", "associative array");
	bad("a[1] = 1; a = 2;", "D_IDENT_BADREF", "associative array");
	bad("x = 1; x = execname;", "D_OP_INCOMPAT", "\"int\" = \"string\"");
	bad("x = execname; x = 3;", "D_OP_INCOMPAT", NULL);
	bad("x = execname == 0;", "D_OP_INCOMPAT", "compare a string with");
	bad("x = execname < NULL;", "D_OP_INCOMPAT", NULL);
	bad("timestamp = 3;", "D_OP_WRITE", "timestamp");
	bad("TH_SYN = 3;", "D_OP_WRITE", "TH_SYN");
	bad("3 = 4;", "D_OP_LVAL", NULL);
	bad("x = 1; x++ ++;", "D_OP_LVAL", NULL);
	bad("args[0]->i_len = 3;", "D_OP_LVAL", "read-only");
	bad("args[1] = 3;", "D_OP_WRITE", "args");
	bad("self->s = args[0];", "D_XLATE_REF", "can't be kept");
	bad("this->s = args[4]; this->s = (ninfo_t *)arg0;", "D_XLATE_REF", "another kind");
	bad("this->a[1] = 2;", "D_DECL_LOCASSC", "this->a");
	bad("x = TH_SYM;", "D_IDENT_UNDEF", "did you mean TH_SYN?");
	bad("x = GREEN; GREEN2 = GREEM;", "D_IDENT_UNDEF", "GREEM");
	refuses("inline int unused = nosuch; BEGIN { x = 1; }", "D_IDENT_UNDEF", "nosuch");
	refuses("translator sinfo_t < int I > { s_port = J; }; BEGIN { x = 1; }", "D_IDENT_UNDEF",
		"J");
}

static void test_operators(void **state)
{
	(void)state;
	bad("x = 1 / 0;", "D_DIV_ZERO", NULL);
	bad("x = pid; x %= 0;", "D_DIV_ZERO", NULL);
	bad("x = execname + 1;", "D_OP_INT", "operator + needs");
	bad("x = execname * 2;", "D_OP_INT", "string");
	bad("x = execname == 0;", "D_OP_INCOMPAT", "compare a string with");
	bad("x = pid ? execname : 0;", "D_OP_INCOMPAT", "?:");
	bad("x = execname && 1;", "D_OP_SCALAR", "&&");
	bad("x = *pid;", "D_OP_PTR", NULL);
	bad("x = *(void *)arg0;", "D_OP_PTR", "void");
	bad("x = &pid;", "D_OP_LVAL", NULL);
	bad("x = &((struct pkt *)arg0)->f;", "D_OP_BITF", NULL);
	bad("x = (int)execname;", "D_CAST_INVAL", "strtoll");
	bad("x = pid[0];", "D_OP_ARRFUN", NULL);
	bad("x = ((struct pkt *)arg0)->a[4];", "D_ARR_BOUNDS", "index outside");
	bad("x = ((struct pkt *)arg0)->a[-1];", "D_ARR_BOUNDS", NULL);
	bad("x = sizeof(void);", "D_SIZEOF_TYPE", NULL);
	bad("x = args[0] + 1;", "D_XLATE_REF", NULL);
	bad("x = nosuch(3);", "D_IDENT_UNDEF", "Unknown function");
	bad("x = trace(1);", "D_CG_EXPR", "trace");
	bad("x = count();", "D_IDENT_UNDEF", "@name = count");
	refuses("BEGIN /execname/ { x = 1; }", "D_OP_SCALAR", "predicate");
	refuses("BEGIN /trace(1)/ { x = 1; }", "D_CG_EXPR", "trace");
	refuses("inline int a = b; inline int b = a; BEGIN { x = a; }", "D_INLINE_RECUR", NULL);
}

static void test_members(void **state)
{
	(void)state;
	bad("x = args[0]->i_lem;", "D_TYPE_MEMBER", "did you mean i_len?");
	bad("x = args[0]->i_not;", "D_TYPE_MEMBER", "translator");
	bad("x = args[0]->i_gone;", "D_XLATE_MEMBER",
	    "args[0]->i_gone is not available on this kernel: struct pkt has no member named lenn");
	refuses("BEGIN { x = args[0]->i_len; } END { x = args[0]->i_gone; }", "D_XLATE_MEMBER",
		"i_gone");
	bad("x = args[0]->i_none;", "D_XLATE_MEMBER",
	    "args[0]->i_none is not available on this kernel: it has none; use i_len");
	bad("x = args[3]->prt;", "D_TYPE_MEMBER", "did you mean port?");
	bad("x = args[3].port;", "D_OP_SOU", "use ->");
	bad("x = args[7];", "D_ARGS_IDX", "args[7] may not be used here: probe has 5 arguments");
	bad("x = args[pid];", "D_ARGS_TYPE", NULL);
	bad("x = args;", "D_IDENT_BADREF", NULL);
	bad("x = xlate <info_t *> ((struct sock2 *)arg0)->i_len;", "D_XLATE_NONE",
	    "\"struct pkt *\"");
	bad("x = pid->foo;", "D_OP_PTR", NULL);
	good("BEGIN { x = inet_ntoa(&args[0]->i_addr); }");
}

static void test_printf(void **state)
{
	(void)state;
	good("BEGIN { printf(\"%d %-12s %5u %Y %x %p %% %c %*d|\\n\", pid, execname, args[0]->i_ttl, walltimestamp,"
	     " 1, &args[3]->port, 'a', 4, 5); }");
	good("BEGIN { printf(\"%lld %hhu %wc %s %I %P\", timestamp, 1, 'x', ((struct pkt *)arg0)->name, execname, 80); }");
	good("BEGIN { printf(\"nothing\\n\"); printf(\"\"); }");
	bad("printf(\"%d\", execname);", "D_PRINTF_ARG_TYPE", "%d prints an integer");
	bad("printf(\"%s\", pid);", "D_PRINTF_ARG_TYPE", "%d");
	bad("printf(\"%d %d\", 1);", "D_PRINTF_ARG_PROTO", "conversion #2");
	bad("printf(\"%d\", 1, 2);", "D_PRINTF_ARG_EXTRA", "only 2 arguments");
	bad("printf(\"%*d\", execname, 2);", "D_PRINTF_DYN_TYPE", NULL);
	bad("printf(\"%q\", 1);", "D_PRINTF_FMT", "%q");
	bad("printf(\"%\", 1);", "D_PRINTF_FMT", NULL);
	bad("printf(\"%@d\", 1);", "D_PRINTF_AGG_CONV", "printa");
	bad("printf(execname, 1);", "D_PRINTF_ARG_FMT", NULL);
	bad("printf();", "D_PROTO_LEN", "0 arguments passed, at least 1 expected");
	bad("exit(execname);", "D_PROTO_ARG", "exit");
	bad("exit();", "D_PROTO_LEN", "1 expected");
	bad("trace(1, 2);", "D_PROTO_LEN", "2 arguments passed, 1 expected");
	bad("trace(args[0]);", "D_PROTO_ARG", "members");
	bad("prinf(\"a\");", "D_IDENT_UNDEF", "did you mean printf?");
}

static void test_aggregations(void **state)
{
	struct aggregation *a;

	(void)state;
	good("BEGIN { @[args[0]->i_ttl, execname] = lquantize(pid, 0, 100, 10); }");
	a = script->aggs;
	assert_string_equal(a->name, "");
	assert_int_equal(a->nkeys, 2);
	assert_int_equal(type_resolve(a->keys[0])->size, 2);
	assert_int_equal(a->nparams, 3);
	assert_int_equal(a->params[1], 100);
	assert_true(a->is_signed);
	assert_ptr_equal(a->func, agg_find("lquantize"));
	good("BEGIN { printa(@a); printa(\"%d %@d\\n\", @a); clear(@a); trunc(@a, 3); } END { @a[pid] = count(); }");
	good("BEGIN { @a[pid] = sum(1); @b[tid] = count(); printa(\"%5d %@d %@d\", @a, @b); normalize(@a, 10); }");
	good("BEGIN { @a[pid, execname] = sum(1); printa(\"%@d\\n\", @a); }");
	bad("@a = count(); @a = sum(1);", "D_AGG_REDEF", "@a = sum");
	bad("@a = lquantize(pid, 0, 9); @a = lquantize(pid, 0, 8);", "D_AGG_REDEF", "parameters");
	bad("@a[1] = count(); @a = count();", "D_KEY_PROTO", "1 key expected, 0 given");
	bad("@a[1] = count(); @a[execname] = count();", "D_KEY_PROTO", "key #1");
	bad("@a = lquantize(pid, 10, 9);", "D_AGG_PARAM", "bound");
	bad("@a = lquantize(pid, pid, 9);", "D_AGG_PARAM", "constant");
	bad("@a = cuont();", "D_AGG_FUNC", "did you mean count?");
	bad("@a = sum();", "D_PROTO_LEN", NULL);
	bad("@a = sum(execname);", "D_OP_SCALAR", NULL);
	bad("x = @a + 1; @a = count();", "D_AGG_EXPR", NULL);
	bad("printa(@a);", "D_AGG_NULL", "@a");
	bad("@a[1] = count(); printa(\"%s %@d\", @a);", "D_PRINTF_ARG_TYPE", "key #1");
	bad("@a[1] = count(); printa(\"%d %d\", @a);", "D_PRINTF_ARG_PROTO", "%@d");
	bad("printa(\"%s\", @a); @a[1] = count();", "D_PRINTF_ARG_TYPE", "key #1");
	bad("@a[1] = count(); @b = count(); printa(@a, @b);", "D_PRINTA_AGGKEY", "1 and 0 keys");
	bad("clear(1);", "D_PROTO_ARG", "aggregation");
}

/* A long chain to the left and a deep nest: an answer, no crash. */
static void test_long(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "BEGIN { x = pid");
	for (int i = 0; i < 20000; i++)
		buf_puts(&b, " + pid");
	buf_puts(&b, "; }");
	check(buf_str(&b));
	buf_reset(&b);
	buf_puts(&b, "BEGIN { x = ");
	for (int i = 0; i < 900; i++)
		buf_puts(&b, "(-");
	buf_puts(&b, "pid");
	for (int i = 0; i < 900; i++)
		buf_puts(&b, ")");
	buf_puts(&b, "; }");
	check(buf_str(&b));
	buf_reset(&b);
	buf_puts(&b, "inline int i0 = pid;");
	for (int i = 1; i < 10000; i++)
		buf_printf(&b, "inline int i%d = i%d + 1;", i, i - 1);
	buf_puts(&b, "BEGIN { x = i9999; }");
	check(buf_str(&b));
	assert_true(diag_failed(diag));
	buf_reset(&b);
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "BEGIN { x%d = %d; }", i % 100, i);
	good(buf_str(&b));
	assert_int_equal(script->nvariables, 100);
	buf_free(&b);
}

static void test_format(void **state)
{
	struct arena *a = arena_new();
	const char *why;
	struct format *f = format_parse(a, "x %-012.3d%%%@9d%*.*s end", &why);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->nconvs, 5);
	assert_int_equal(f->convs[0].letter, 'd');
	assert_int_equal(f->convs[0].flags, FORMAT_LEFT | FORMAT_ZERO);
	assert_int_equal(f->convs[0].width, 12);
	assert_int_equal(f->convs[0].prec, 3);
	assert_int_equal(f->convs[0].text_len, 2);
	assert_int_equal(f->convs[1].letter, '%');
	assert_true(f->convs[2].is_agg);
	assert_int_equal(f->convs[2].width, 9);
	assert_true(f->convs[3].width_star && f->convs[3].prec_star);
	assert_int_equal(f->convs[4].letter, 0);
	assert_int_equal(f->convs[4].text_len, 4);
	assert_string_equal(format_conv_text(a, f, 0), "%-012.3d");
	assert_null(format_parse(a, "%99999999d", &why));
	assert_null(format_parse(a, "a %ll", &why));
	assert_int_equal(format_parse(a, "", &why)->nconvs, 0);
	arena_free(a);
}

static void test_registry(void **state)
{
	struct suggest s;

	(void)state;
	assert_non_null(builtin_find("timestamp", true));
	assert_null(builtin_find("timestamp", false));
	assert_non_null(builtin_find("printf", false));
	assert_null(builtin_find("printf", true));
	for (int i = 0; builtin_at(i); i++) {
		const struct builtin *b = builtin_at(i);

		assert_ptr_equal(builtin_find(b->name, b->kind == BUILTIN_VARIABLE), b);
		assert_non_null(b->returns);
		assert_true(b->kind == BUILTIN_VARIABLE || b->args);
	}
	suggest_start(&s, "timestmp");
	builtin_suggest(&s, true);
	assert_string_equal(suggest_best(&s), "timestamp");
}

/* Of every row that has the flag, and of one made up. */
static void test_destructive(void **state)
{
	static const struct builtin reboot = {.name = "reboot", .destructive = true};
	static const struct builtin look = {.name = "look"};
	char text[128];

	(void)state;
	good("BEGIN { trace(1); }");
	assert_true(check_permitted(script, &look, (struct loc){0}));
	assert_int_equal(diag_count(diag), 0);
	assert_false(check_permitted(script, &reboot, (struct loc){0}));
	assert_non_null(strstr(messages(), "[EDT_DESTRUCTIVE] reboot( ): destructive actions not"));
	assert_non_null(strstr(messages(), "hint: -w permits them"));
	script->destructive = true;
	assert_true(check_permitted(script, &reboot, (struct loc){0}));
	assert_int_equal(diag_count(diag), 1);
	for (int i = 0; builtin_at(i); i++) {
		if (!builtin_at(i)->destructive)
			continue;
		snprintf(text, sizeof(text), "BEGIN { %s(); }", builtin_at(i)->name);
		refuses(text, "EDT_DESTRUCTIVE", "destructive actions not allowed");
	}
}

int main(void)
{
	static const char *const places[] = {"tests/fixtures/types.btf", "../fixtures/types.btf"};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),	  cmocka_unit_test(test_registry),
		cmocka_unit_test(test_fold),	  cmocka_unit_test(test_types),
		cmocka_unit_test(test_marks),	  cmocka_unit_test(test_variables),
		cmocka_unit_test(test_operators), cmocka_unit_test(test_members),
		cmocka_unit_test(test_printf),	  cmocka_unit_test(test_aggregations),
		cmocka_unit_test(test_long),	  cmocka_unit_test(test_destructive),
	};

	for (size_t i = 0; !btf && i < sizeof(places) / sizeof(*places); i++)
		if (access(places[i], R_OK) == 0)
			btf = places[i];
	assert_non_null(btf);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
