/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lexer, the parser and the diagnostics. Trees are compared as text: fully
 * bracketed. No type here needs the kernel's BTF, which is
 * taken from /dev/null.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strmap.h"
#include "parse_text.h"

/* "BEGIN { TEXT }": the statements as text, or what is wrong. */
static const char *body(struct parsed *p, const char *text)
{
	char *program = NULL;

	if (asprintf(&program, "BEGIN { %s }", text) < 0)
		abort();
	parse(p, PARSE_PROGRAM, program);
	if (diag_failed(p->diag))
		buf_puts(&p->out, printed(p, true));
	else
		for (const struct node *n = p->s->clauses->body; n; n = n->next)
			show_expr(&p->out, n);
	free(program);
	p->src.text = NULL;
	return buf_str(&p->out);
}

static void assert_body(const char *text, const char *want)
{
	struct parsed p;

	assert_string_equal(body(&p, text), want);
	done(&p);
}

/* One diagnostic with the tag (or more, if it says so), and a part of the message. */
static void assert_fails(enum parse_as as, const char *text, const char *tag, const char *part)
{
	struct parsed p;

	parse(&p, as, text);
	printed(&p, true);
	if (!strstr(p.printed, tag) || !strstr(p.printed, part))
		fail_msg("%s: want %s and \"%s\", got:\n%s", text, tag, part, p.printed);
	assert_int_equal(diag_count(p.diag), 1);
	done(&p);
}

static void precedence(void **state)
{
	(void)state;
	assert_body("a + b * c - d;", "((a + (b * c)) - d);");
	assert_body("a || b ^^ c && d | e ^ f & g == h < i << j + k * l;",
		    "(a || (b ^^ (c && (d | (e ^ (f & (g == (h < (i << (j + (k * l)))))))))));");
	assert_body("a = b = c ? d : e ? f : g, h;", "((a = (b = (c ? d : (e ? f : g)))) , h);");
	assert_body("-!~*&++--x;", "(-(!(~(*(&(++(--x)))))));");
	assert_body("x++ + ++y; a.b->c[1, 2]--;", "((post++x) + (++y));(post--a.b->c[1, 2]);");
	assert_body("x <<= 1; y %= 2; z ^= 3;", "(x <<= 1);(y %= 2);(z ^= 3);");
	assert_body("stringof a->b == \"x\" \"y\";", "((stringof a->b) == \"xy\");");
	assert_body("1 - 2 - 3; 8 / 4 / 2;", "((1 - 2) - 3);((8 / 4) / 2);");
}

static void names_and_types(void **state)
{
	(void)state;
	assert_body("self->a = this->b.if->string;", "(self->a = this->b.if->string);");
	assert_body("`jiffies; tcp`hashinfo;", "`jiffies;`tcp`hashinfo;");
	assert_body("(int)x; (pid) - 1; (uint64_t)-1; (a) + b;",
		    "((int)x);(pid - 1);((uint64_t)(-1));(a + b);");
	assert_body("(unsigned char *)p; (int (*)(void))p;",
		    "((unsigned char *)p);((int (*)(void))p);");
	assert_body("sizeof (int); sizeof (uint64_t); sizeof x; sizeof (x);",
		    "sizeof(int);sizeof(uint64_t);sizeof x;sizeof x;");
	assert_body("xlate <int *>(x)->y;", "xlate<int *>(x)->y;");
}

static void statements(void **state)
{
	(void)state;
	assert_body("@ = count(); @a[x, \"k\"] = lquantize(y, 0, 10)",
		    "(@ = count())(@a[x, \"k\"] = lquantize(y, 0, 10))");
	assert_body("if (a) b; else if (c) { d; e } else ;", "if a b; else if c {d;, e;}");
	assert_body("printa(@a, @b); ; ;", "printa(@a, @b);");
	assert_body("a /* x; */; // y;\n b;", "a;b;");
}

static const struct constant {
	const char *text;
	int64_t value;
	const char *type;
} constants[] = {
	{"0", 0, "int"},
	{"2147483647", 2147483647, "int"},
	{"2147483648", 2147483648, "long"},
	{"0x7fffffff", 0x7fffffff, "int"},
	{"0x80000000", 0x80000000, "unsigned int"},
	{"0x100000000", 0x100000000, "long"},
	{"0xffffffffffffffff", -1, "unsigned long"},
	{"18446744073709551615", -1, "unsigned long"},
	{"0777", 511, "int"},
	{"1u", 1, "unsigned int"},
	{"5000000000U", 5000000000, "unsigned long"},
	{"1L", 1, "long"},
	{"1ll", 1, "long long"},
	{"1uLL", 1, "unsigned long long"},
	{"1lu", 1, "unsigned long"},
	{"'a'", 'a', "int"},
	{"'ab'", 'a' | 'b' << 8, "int"},
	{"'\\377'", -1, "int"},
	{"'\\0'", 0, "int"},
	{"'\\x41'", 'A', "int"},
	{"'\\''", '\'', "int"},
	{"$1", 42, "int"},
	{"$4", -7, "int"},
};

static void integer_constants(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		const struct constant *c = &constants[i];
		struct parsed p;
		struct node *n;

		assert_non_null(body(&p, c->text));
		if (diag_failed(p.diag))
			fail_msg("%s: %s", c->text, buf_str(&p.out));
		n = p.s->clauses->body->left;
		assert_int_equal(n->kind, NODE_INT);
		assert_int_equal(n->value, c->value);
		assert_string_equal(type_name(p.arena, n->type), c->type);
		done(&p);
	}
}

static void string_escapes(void **state)
{
	struct parsed p;
	struct node *n;

	(void)state;
	body(&p, "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\?\\101\\x42\\0z\" \"\\q\\\nend\"");
	n = p.s->clauses->body->left;
	assert_int_equal(n->length, 18);
	assert_memory_equal(n->name, "\a\b\f\n\r\t\v\\\"?AB\0zqend", 19);
	done(&p);
}

static void macros(void **state)
{
	struct parsed p;

	(void)state;
	memset(macro_used, 0, sizeof(macro_used));
	assert_body("$2; $$1; $$3; $0;", "name;\"42\";\"a b\";\"prog.d\";");
	assert_true(macro_used[1] && macro_used[2] && macro_used[3] && !macro_used[4]);
	assert_string_not_equal(body(&p, "$pid + $uid"), "");
	assert_int_equal(p.s->clauses->body->left->left->value, getpid());
	done(&p);
	assert_fails(PARSE_PROGRAM, "BEGIN { $5; }", "D_MACRO_UNDEF",
		     "$5 is not defined: 4 arguments were given");
	assert_fails(PARSE_PROGRAM, "BEGIN { $3; }", "D_MACRO_UNDEF",
		     "neither an integer nor an identifier");
	assert_fails(PARSE_PROGRAM, "BEGIN { $nope; }", "D_MACRO_UNDEF", "undefined macro $nope");
	assert_fails(PARSE_PROGRAM, "BEGIN { $target; }", "D_MACRO_UNDEF",
		     "$target is not defined");
}

/* What the command line says of defaultargs is what counts, whatever the text says. */
static void macros_by_default_refused(void **state)
{
	struct options o;
	struct macro_args m = {.argv = macro_argv, .argc = 1, .options = &o};
	struct source src = {"t.d", "#pragma D option defaultargs\nBEGIN { $9; }", 0,
			     .is_file = true};
	struct parsed p;
	char why[128];

	(void)state;
	options_init(&o);
	assert_int_equal(options_set(&o, "defaultargs", "no", why, sizeof(why)), 0);
	options_fix(&o);
	parse(&p, PARSE_PROGRAM, "BEGIN { 1; }");
	p.s->macros = &m;
	src.len = strlen(src.text);
	parse_source(p.s, &src, PARSE_PROGRAM);
	assert_true(diag_failed(p.diag));
	done(&p);
}

static void macros_by_default(void **state)
{
	static const char text[] = "BEGIN { $9; $$9; }";
	struct options o = {.defaultargs = true};
	struct macro_args m = {.argv = macro_argv, .argc = 1, .options = &o, .target = 77};
	struct source src = {"t.d", "BEGIN { $9; $$9; $target; }", 0, .is_file = true};
	struct parsed p;

	(void)state;
	parse(&p, PARSE_PROGRAM, text);
	assert_int_equal(diag_count(p.diag), 2);
	diag_rewind(p.diag, 0);
	p.s->macros = &m;
	src.len = strlen(src.text);
	parse_source(p.s, &src, PARSE_PROGRAM);
	assert_false(diag_failed(p.diag));
	for (const struct node *n = p.s->clauses->next->body; n; n = n->next)
		show_expr(&p.out, n);
	assert_string_equal(buf_str(&p.out), "0;\"\";77;");
	assert_true(m.target_used);
	done(&p);
}

static const char *desc(struct parsed *p, enum parse_as as, const char *text)
{
	parse(p, as, text);
	for (const struct probe_desc *d = p->s->clauses ? p->s->clauses->descs : NULL; d;
	     d = d->next) {
		if (d->id)
			buf_printf(&p->out, "#%u", d->id);
		else
			buf_printf(&p->out, "%s:%s:%s:%s", d->provider, d->module, d->function,
				   d->name);
		buf_printf(&p->out, " '%s'%s", d->text, d->next ? ", " : "");
	}
	return buf_str(&p->out);
}

static void assert_desc(enum parse_as as, const char *text, const char *want)
{
	struct parsed p;

	assert_string_equal(desc(&p, as, text), want);
	done(&p);
}

static void probe_descriptions(void **state)
{
	(void)state;
	assert_desc(PARSE_PROGRAM, "tcp:::state-change{}",
		    "tcp:::state-change 'tcp:::state-change'");
	assert_desc(PARSE_PROGRAM, "a:b,\n c , ip*:[a-z]?:*:x {}",
		    "::a:b 'a:b', :::c 'c', ip*:[a-z]?:*:x 'ip*:[a-z]?:*:x'");
	assert_desc(PARSE_PROGRAM, "BEGIN, END, ERROR {}",
		    "dtrace:::BEGIN 'BEGIN', dtrace:::END 'END', dtrace:::ERROR 'ERROR'");
	assert_desc(PARSE_PROGRAM, "foo:BEGIN {}", "::foo:BEGIN 'foo:BEGIN'");
	assert_desc(PARSE_PROGRAM, "pid$1::$2:entry {}", "pid42::name:entry 'pid$1::$2:entry'");
	assert_desc(PARSE_NAME, "tcp:::send", "tcp:::send 'tcp:::send'");
	assert_desc(PARSE_NAME, "17", "#17 '17'");
	assert_desc(PARSE_ID, "17, 18 {}", "#17 '17', #18 '18'");
	assert_desc(PARSE_PROVIDER, "tcp", "tcp::: 'tcp'");
	assert_desc(PARSE_MODULE, "tcp:ip", "tcp:ip:: 'tcp:ip'");
	assert_desc(PARSE_MODULE, "ip", ":ip:: 'ip'");
	assert_desc(PARSE_FUNCTION, "fbt::f {}", "fbt::f: 'fbt::f'");
	assert_fails(PARSE_PROGRAM, "a:b:c:d:e {}", "D_PDESC_INVAL", "more than four fields");
	assert_fails(PARSE_PROVIDER, "a:b", "D_PDESC_INVAL",
		     "more fields than a provider (-P) takes");
	assert_fails(PARSE_ID, "a", "D_PDESC_INVAL", "expected a probe id");
	assert_fails(PARSE_NAME, "0", "D_PDESC_INVAL", "not a valid probe id");
	assert_fails(PARSE_PROGRAM, "a, {}", "D_SYNTAX", "a probe description after ','");
	assert_fails(PARSE_PROGRAM, "a:::b c:::d {}", "D_SYNTAX", "found identifier 'c'");
}

/* The clauses: number of descriptions, predicate, ! for a body. */
static void assert_clauses(const char *text, const char *want)
{
	struct parsed p;

	parse(&p, PARSE_NAME, text);
	if (diag_failed(p.diag))
		buf_puts(&p.out, printed(&p, false));
	for (const struct clause *c = p.s->clauses; c; c = c->next) {
		buf_printf(&p.out, "%s /", c->descs->text);
		if (c->predicate)
			show_expr(&p.out, c->predicate);
		buf_printf(&p.out, "/%s%s", c->has_body ? "!" : "", c->next ? " " : "");
	}
	assert_string_equal(buf_str(&p.out), want);
	done(&p);
}

static void predicates_and_division(void **state)
{
	(void)state;
	assert_clauses("a /args[2]->ip_plength / 2 > 3/ {}",
		       "a /((args[2]->ip_plength / 2) > 3)/!");
	assert_clauses("a\n/x / y == z/\n/* c */ // d\n{}", "a /((x / y) == z)/!");
	assert_clauses("a /x / (y)/ {}", "a /(x / y)/!");
	assert_clauses("a /x/", "a /x/");
	assert_clauses("a /x/;", "a /x/");
	assert_clauses("a:b /x/ c:d /y/ END {}", "a:b /x/ c:d /y/ END //!");
	assert_clauses("a /x ? y / z:1/ {}", "a /(x ? (y / z) : 1)/!");
	assert_clauses("a /x[1 / 2]/ {} b {}", "a /x[(1 / 2)]/! b //!");
	assert_clauses("a /x/ int y; b /self->z / self->w/ self int q;",
		       "a /x/ b /(self->z / self->w)/");
	assert_clauses("a; b{}", "a // b //!");
	assert_fails(PARSE_PROGRAM, "a / / {}", "D_SYNTAX", "the predicate is empty");
	assert_fails(PARSE_PROGRAM, "a /x {}", "D_SYNTAX",
		     "expected '/' at the end of the predicate, found '{'");
}

static void directives(void **state)
{
	struct parsed p;
	struct pragma_option *o;

	(void)state;
	parse(&p, PARSE_PROGRAM,
	      "#!/usr/sbin/dtrace -s\n#pragma D option quiet\r\n"
	      "  # pragma D option switchrate = 10hz /* c */\n#pragma D option libdir=\"/a b\"\n"
	      "#pragma D attributes A/B/C x\n#pragma D depends_on library ip.d\n#pragma ident \"x\"\n#ident \"y\"\n"
	      "#pragma once\n#\nBEGIN {\n#pragma D option bufsize=4m\n}\n");
	assert_false(diag_failed(p.diag));
	o = p.s->options;
	assert_string_equal(o->name, "quiet");
	assert_null(o->value);
	assert_int_equal(o->loc.line, 2);
	o = o->next;
	assert_string_equal(o->name, "switchrate");
	assert_string_equal(o->value, "10hz");
	o = o->next;
	assert_string_equal(o->value, "/a b");
	o = o->next;
	assert_string_equal(o->name, "bufsize");
	assert_null(o->next);
	done(&p);
	assert_fails(PARSE_PROGRAM, "#include <x.h>\nBEGIN{}", "D_PRAGMA_INVAL", "hint: use -C");
	assert_clauses("\n#!/bin/sh\nBEGIN\n #! (\n{\n#!/usr/bin/dtrace -qs\n}", "BEGIN //!");
	assert_fails(PARSE_PROGRAM, "# !x\nBEGIN{}", "D_PRAGMA_INVAL", "#!x");
	assert_fails(PARSE_PROGRAM, "#pragma D opption x\nBEGIN{}", "D_PRAGMA_INVAL",
		     "#pragma D opption");
	assert_fails(PARSE_PROGRAM, "#pragma D option a b\nBEGIN{}", "D_PRAGMA_MALFORM",
		     "a #pragma line of its own");
	assert_fails(PARSE_PROGRAM, "#pragma D option a=\nBEGIN{}", "D_PRAGMA_MALFORM",
		     "malformed option");
	assert_fails(PARSE_PROGRAM, "#error no way\nBEGIN{}", "D_PRAGERR", "#error: no way");
	assert_fails(PARSE_PROGRAM, "#line 70 \"o.d\"\n\nBEGIN { x = ; }",
		     "script o.d: [D_SYNTAX] line 71", "x = ;");
	assert_fails(PARSE_PROGRAM, "# 9 \"o.d\" 2\nBEGIN { x = ; }",
		     "script o.d: [D_SYNTAX] line 9", "x = ;");
}

static void assert_variable(const char *text, enum scope scope, const char *name, const char *want)
{
	struct parsed p;
	struct symbol *sym;

	parse(&p, PARSE_PROGRAM, text);
	if (diag_failed(p.diag))
		fail_msg("%s: %s", text, printed(&p, true));
	sym = strmap_get(scope == SCOPE_SELF   ? p.s->selfs
			 : scope == SCOPE_THIS ? p.s->thises
					       : p.s->globals,
			 name);
	assert_non_null(sym);
	assert_int_equal(sym->kind, SYM_VARIABLE);
	assert_int_equal(sym->scope, scope);
	assert_true(sym->declared);
	type_print(sym->type, &p.out);
	for (int i = 0; i < sym->nkeys; i++)
		show_type(&p.out, "; ", sym->keys[i], "");
	assert_string_equal(buf_str(&p.out), want);
	done(&p);
}

static void variables(void **state)
{
	(void)state;
	assert_variable("int last[uint64_t];", SCOPE_GLOBAL, "last", "int; uint64_t");
	assert_variable("string names[int, string];", SCOPE_GLOBAL, "names", "string; int; string");
	assert_variable("self int x;", SCOPE_SELF, "x", "int");
	assert_variable("this string s;", SCOPE_THIS, "s", "string");
	assert_variable("int x, *y;", SCOPE_GLOBAL, "y", "int *");
	assert_variable("extern unsigned long long int e;", SCOPE_GLOBAL, "e",
			"unsigned long long");
	assert_variable("long unsigned x; long unsigned x;", SCOPE_GLOBAL, "x", "unsigned long");
	assert_variable("char *(*f[3])(int, char *);", SCOPE_GLOBAL, "f",
			"char *(*[3])(int, char *)");
	assert_variable("enum { A = 3, B }; int a[B * 2 + (A << 1)];", SCOPE_GLOBAL, "a",
			"int [14]");
	assert_variable("inline int N = 4; char s[N];", SCOPE_GLOBAL, "s", "char [4]");
	assert_variable(
		"typedef struct n { struct n *next; int v; } n_t; n_t x; int a[sizeof (n_t)];",
		SCOPE_GLOBAL, "a", "int [16]");
	assert_variable(
		"struct b { int a : 3, : 5, b : 8; char c; }; int a[offsetof(struct b, c)];",
		SCOPE_GLOBAL, "a", "int [2]");
}

static void wrong_declarations(void **state)
{
	(void)state;
	assert_fails(PARSE_PROGRAM, "int x; char x;", "D_DECL_IDRED",
		     "x is already declared differently");
	assert_fails(PARSE_PROGRAM, "int x[int]; int x;", "D_DECL_IDRED",
		     "already declared differently");
	assert_fails(PARSE_PROGRAM, "inline int A = 1; inline int A = 2;", "D_DECL_IDRED",
		     "'A' is already declared");
	assert_fails(PARSE_PROGRAM, "this int x[int];", "D_DECL_LOCASSC", "associative array");
	assert_fails(PARSE_PROGRAM, "void x;", "D_DECL_VOIDOBJ", "cannot be void");
	assert_fails(PARSE_PROGRAM, "int short char x;", "D_DECL_COMBO", "do not make a type");
	assert_fails(PARSE_PROGRAM, "static int x;", "D_DECL_BADCLASS", "'static'");
	assert_fails(PARSE_PROGRAM, "self this int x;", "D_DECL_CLASS", "only one storage class");
	assert_fails(PARSE_PROGRAM, "int a[x];", "D_DECL_ARRSUB", "constant integer expression");
	assert_fails(PARSE_PROGRAM, "int a[-1];", "D_DECL_ARRSUB", "negative");
	assert_fails(PARSE_PROGRAM, "int a[0x7fffffff];", "D_DECL_ARRBIG", "too big");
	assert_fails(PARSE_PROGRAM, "struct s { int a : 33; };", "D_DECL_BFSIZE", "33 bits");
	assert_fails(PARSE_PROGRAM, "struct s { int *a : 3; };", "D_DECL_BFTYPE", "int *");
	assert_fails(PARSE_PROGRAM, "struct s { int a; char a; };", "D_DECL_IDRED",
		     "'a' is declared twice");
	assert_fails(PARSE_PROGRAM, "struct s { struct s x; };", "D_DECL_INCOMPLETE", "incomplete");
	assert_fails(PARSE_PROGRAM, "enum e { A = 0x80000000 };", "D_DECL_ENOFLOW", "'A'");
	assert_fails(PARSE_PROGRAM, "typedef int t; typedef char t;", "D_DECL_TYPERED", "'t'");
	assert_fails(PARSE_PROGRAM, "nope_t x;", "D_DECL_IDENT", "unknown type 'nope_t'");
	assert_fails(PARSE_PROGRAM, "int x = 5;", "D_SYNTAX", "hint: assign it in a BEGIN clause");
	assert_fails(PARSE_PROGRAM, "int;", "D_DECL_USELESS", "declares nothing");
}

static void inlines_and_translators(void **state)
{
	struct parsed p;
	struct symbol *sym;

	(void)state;
	parse(&p, PARSE_PROGRAM,
	      "inline string f[int a, uint8_t b] = a == 1 ? \"x\" : \"y\";\n"
	      "typedef struct out { int a; string b; } out_t; struct in { int v; };\n"
	      "translator out_t < struct in *I > { a = I->v; b = \"s\"; };\n");
	assert_false(diag_failed(p.diag));
	sym = strmap_get(p.s->globals, "f");
	assert_int_equal(sym->kind, SYM_INLINE);
	assert_int_equal(sym->nkeys, 2);
	assert_string_equal(sym->params[1]->name, "b");
	assert_string_equal(type_name(p.arena, sym->keys[1]), "uint8_t");
	show_expr(&p.out, sym->expr);
	assert_string_equal(buf_str(&p.out), "((a == 1) ? \"x\" : \"y\")");
	assert_string_equal(type_name(p.arena, p.s->translators->in), "struct in *");
	assert_string_equal(p.s->translators->param->name, "I");
	assert_string_equal(p.s->translators->members->next->name, "b");
	assert_string_equal(type_name(p.arena, p.s->translators->members->next->type), "string");
	done(&p);
	assert_fails(PARSE_PROGRAM,
		     "struct o { int abc; }; translator struct o < int *I > { abd = 1; };",
		     "D_XLATE_MEMB", "did you mean 'abc'?");
	assert_fails(PARSE_PROGRAM, "translator int < int *I > { a = 1; };", "D_XLATE_SOU",
		     "not int");
	assert_fails(PARSE_PROGRAM,
		     "struct o { int a; }; translator struct o < int *I > { a = 1; }; "
		     "translator struct o < int *J > { a = 2; };",
		     "D_XLATE_REDECL", "already declared");
}

static void wrong_tokens(void **state)
{
	(void)state;
	assert_fails(PARSE_PROGRAM, "BEGIN { 08; }", "D_INT_DIGIT", "invalid digit '8' in octal");
	assert_fails(PARSE_PROGRAM, "BEGIN { 0xg; }", "D_INT_DIGIT", "'0xg'");
	assert_fails(PARSE_PROGRAM, "BEGIN { 1uu; }", "D_INT_DIGIT", "'1uu'");
	assert_fails(PARSE_PROGRAM, "BEGIN { 18446744073709551616; }", "D_INT_OFLOW",
		     "does not fit in 64 bits");
	assert_fails(PARSE_PROGRAM, "BEGIN { 1.5; }", "D_SYNTAX", "floating-point");
	assert_fails(PARSE_PROGRAM, "BEGIN { 1e5; }", "D_SYNTAX", "floating-point");
	assert_fails(PARSE_PROGRAM, "BEGIN { \"abc\n; }", "D_STR_NL", "not closed");
	assert_fails(PARSE_PROGRAM, "BEGIN { 'a\n; }", "D_CHR_NL", "not closed");
	assert_fails(PARSE_PROGRAM, "BEGIN { ''; }", "D_CHR_NULL", "empty");
	assert_fails(PARSE_PROGRAM, "BEGIN { 'abcdefghi'; }", "D_CHR_OFLOW", "8 are the most");
	assert_fails(PARSE_PROGRAM, "BEGIN { x; # }", "D_SYNTAX", "stray '#'");
	assert_fails(PARSE_PROGRAM, "BEGIN { } /* x", "D_SYNTAX", "comment is not closed");
}

static void wrong_statements(void **state)
{
	(void)state;
	assert_fails(PARSE_PROGRAM, "BEGIN { x = ; }", "D_SYNTAX",
		     "expected an expression, found ';'");
	assert_fails(PARSE_PROGRAM, "BEGIN { for (x = 1; x < 2; x++) { y; } z; }", "D_SYNTAX",
		     "'for' is not available in D");
	assert_fails(PARSE_PROGRAM, "BEGIN { int x; }", "D_SYNTAX",
		     "declarations are not permitted");
	assert_fails(PARSE_PROGRAM, "BEGIN { @a = 3; }", "D_AGG_FUNC", "aggregating function");
	assert_fails(PARSE_PROGRAM, "BEGIN { @a += 3; }", "D_SYNTAX", "found '+='");
	assert_fails(PARSE_PROGRAM, "BEGIN { x = @a = count(); }", "D_AGG_NULL",
		     "statement of its own");
	assert_fails(PARSE_PROGRAM, "BEGIN { a b; }", "D_SYNTAX", "found identifier 'b'");
	assert_fails(PARSE_PROGRAM, "BEGIN { f(1; }", "D_SYNTAX",
		     "expected ',' or ')' after the argument");
	assert_fails(PARSE_PROGRAM, "BEGIN { x = 1;", "D_SYNTAX",
		     "block that begins at line 1 is not closed");
	assert_fails(PARSE_PROGRAM, "BEGIN { if (x) { y = 1; }\ntcp:::send { z; }", "D_SYNTAX",
		     "expected '}' before a probe description");
	assert_fails(PARSE_PROGRAM, "BEGIN { } }", "D_SYNTAX", "'}' without a '{'");
	assert_fails(PARSE_PROGRAM, "", "D_EMPTY", "no clause");
}

static void all_mistakes_are_collected(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, PARSE_PROGRAM,
	      "BEGIN { x = ; if (y) { z = ; } w = 1 }\nint int q;\nEND /+/ { v = ; }\nstruct s { int a; void b; };\n"
	      "tcp:::send { u = 1; }");
	assert_string_equal(
		printed(&p, true),
		"dtrace: failed to compile script t.d: [D_SYNTAX] line 1: expected an expression, found ';'\n"
		"\tBEGIN { x = ; if (y) { z = ; } w = 1 }\n\t            ^\n"
		"dtrace: failed to compile script t.d: [D_SYNTAX] line 1: expected an expression, found ';'\n"
		"\tBEGIN { x = ; if (y) { z = ; } w = 1 }\n\t                           ^\n"
		"dtrace: failed to compile script t.d: [D_DECL_COMBO] line 2: 'int' is repeated or makes no type here\n"
		"\tint int q;\n\t    ^\n"
		"dtrace: failed to compile script t.d: [D_SYNTAX] line 3: expected an expression, found the '/' that ends the predicate\n"
		"\tEND /+/ { v = ; }\n\t      ^\n"
		"dtrace: failed to compile script t.d: [D_SYNTAX] line 3: expected an expression, found ';'\n"
		"\tEND /+/ { v = ; }\n\t              ^\n"
		"dtrace: failed to compile script t.d: [D_DECL_INCOMPLETE] line 4: member 'b' has the impossible type void\n"
		"\tstruct s { int a; void b; };\n\t                       ^\n");
	assert_string_equal(p.s->clauses->next->descs->text, "tcp:::send");
	done(&p);
}

static void diagnostics_format(void **state)
{
	struct parsed p;
	char text[400];

	(void)state;
	parse(&p, PARSE_NAME, "BEGIN\t{ x\t= ; }");
	assert_string_equal(
		printed(&p, false),
		"dtrace: invalid probe specifier BEGIN { x = ; }: expected an expression, found ';'\n"
		"\tBEGIN\t{ x\t= ; }\n\t     \t   \t  ^\n");
	done(&p);
	/* The specifier is cut at 120 bytes, the line to 76 columns round the caret. */
	memset(text, 'a', sizeof(text));
	memcpy(text, "BEGIN { ", 8);
	strcpy(text + 300, " + ; }");
	parse(&p, PARSE_NAME, text);
	printed(&p, false);
	assert_non_null(strstr(p.printed, "aaa...: expected"));
	assert_int_equal(strstr(p.printed, "...: ") - p.printed,
			 strlen("dtrace: invalid probe specifier ") + 120);
	assert_non_null(strstr(p.printed, "a + ; }\n"));
	assert_int_equal(strchr(strchr(p.printed, '\n') + 1, '\n') - strchr(p.printed, '\n'),
			 1 + 1 + 76);
	done(&p);
	/* Control characters stay off the terminal; a character of several bytes is one column. */
	parse(&p, PARSE_PROGRAM, "BEGIN { \"\xc3\xa9\033\" + ; }");
	assert_non_null(
		strstr(printed(&p, false), "\tBEGIN { \"\xc3\xa9?\" + ; }\n\t               ^\n"));
	done(&p);
}

static void diagnostics_are_counted(void **state)
{
	struct parsed p;
	struct loc nowhere = {0};

	(void)state;
	parse(&p, PARSE_PROGRAM, "BEGIN {}");
	for (int i = 0; i < 25; i++)
		diag_error(p.diag, nowhere, "D_X", "mistake %d", i);
	diag_error(p.diag, nowhere, "D_X", "mistake 3");
	assert_int_equal(diag_count(p.diag), 26);
	printed(&p, true);
	assert_non_null(strstr(p.printed, "dtrace: [D_X] mistake 19\n"));
	assert_null(strstr(p.printed, "mistake 20"));
	assert_non_null(strstr(p.printed, "dtrace: 5 more errors\n"));
	free(p.printed);
	diag_rewind(p.diag, 1);
	diag_hint(p.diag, "try %s", "again");
	assert_string_equal(printed(&p, false), "dtrace: mistake 0\nhint: try again\n");
	done(&p);
}

static char *repeat(const char *before, const char *part, int n, const char *after)
{
	struct buf b = {0};

	buf_puts(&b, before);
	while (n-- > 0)
		buf_puts(&b, part);
	buf_puts(&b, after);
	return b.s;
}

static const struct deep {
	const char *before, *part, *after;
	const char *message;
} deeps[] = {
	{"BEGIN { x = ", "(", "1; }", "nested too deeply"},
	{"BEGIN { x = ", "- ", "1; }", "nested too deeply"},
	{"BEGIN { x = ", "a ? b : ", "1; }", "nested too deeply"},
	{"BEGIN { ", "a = ", "1; }", "nested too deeply"},
	{"BEGIN { x = ", "f(", "1; }", "nested too deeply"},
	{"BEGIN { x = ", "a[", "1; }", "nested too deeply"},
	{"BEGIN { x = ", "(int)", "1; }", "nested too deeply"},
	{"BEGIN { ", "{", "}", "nested too deeply"},
	{"BEGIN { ", "if (a) ; else ", "; }", "nested too deeply"},
	{"BEGIN { x = ", "a + ", "1; }", "too long"},
	{"BEGIN { x = a", ".b", "; }", "too long"},
	{"int ", "*", "x;", "nested too deeply"},
	{"int ", "(", "x;", "nested too deeply"},
	{"", "struct s { ", "", "nested too deeply"},
};

static void depth_is_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(deeps) / sizeof(deeps[0]); i++) {
		char *text = repeat(deeps[i].before, deeps[i].part, 10000, deeps[i].after);

		assert_fails(PARSE_PROGRAM, text, "D_SYNTAX", deeps[i].message);
		free(text);
	}
}

static void size_is_not_bounded(void **state)
{
	struct parsed p;
	char *text = repeat("", "tcp:::send /a == 1/ { x = 1; }\n", 10000, "");
	int n = 0;

	(void)state;
	parse(&p, PARSE_PROGRAM, text);
	assert_false(diag_failed(p.diag));
	for (const struct clause *c = p.s->clauses; c; c = c->next)
		n++;
	assert_int_equal(n, 10000);
	done(&p);
	free(text);
	text = repeat("BEGIN { x = 1", " + 1", 3000, "; }"); /* no level of nesting */
	parse(&p, PARSE_PROGRAM, text);
	assert_false(diag_failed(p.diag));
	assert_int_equal(p.s->clauses->body->left->height, 3002);
	done(&p);
	free(text);
	text = repeat("BEGIN { x = \"", "a", 1000000, "\"; }");
	parse(&p, PARSE_PROGRAM, text);
	assert_int_equal(p.s->clauses->body->left->right->length, 1000000);
	done(&p);
	free(text);
}

static void bytes_of_any_kind(void **state)
{
	struct parsed p;
	char text[4096 + 1];
	unsigned seed = 1;

	(void)state;
	parse_bytes(&p, PARSE_PROGRAM, "BEGIN { x\0 = 1; }", 17);
	assert_non_null(strstr(printed(&p, false), "byte 0x00"));
	done(&p);
	for (int round = 0; round < 200; round++) {
		static const char some[] =
			"BEGIN{}()[]/;:,=\"'@#$`\n x1*-+?<>%&!~.\\\xc3\xa9 int struct self->if";

		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = some[(seed >> 16) % (sizeof(some) - (round & 1))];
		}
		text[sizeof(text) - 1] = '\0';
		parse_bytes(&p, (enum parse_as)(round % 6), text, sizeof(text) - 1);
		assert_true(diag_failed(p.diag));
		printed(&p, true);
		done(&p);
	}
}

static void clones_are_equal(void **state)
{
	struct parsed p;
	struct clause *c;
	struct buf again = {0};

	(void)state;
	parse(&p, PARSE_PROGRAM,
	      "a, b /x / 2/ { @s[1, \"k\"] = sum(sizeof (int) + (char)y); if (self->z) { w[1, 2]++; } }");
	c = clause_clone(p.s, p.s->clauses);
	assert_ptr_not_equal(c->body, p.s->clauses->body);
	assert_string_equal(c->descs->next->text, "b");
	show_expr(&p.out, p.s->clauses->predicate);
	show_expr(&again, c->predicate);
	show_list(&p.out, p.s->clauses->body, '<', '>');
	show_list(&again, c->body, '<', '>');
	assert_string_equal(buf_str(&again), buf_str(&p.out));
	assert_int_equal(c->predicate->height, 2);
	buf_free(&again);
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence),
		cmocka_unit_test(names_and_types),
		cmocka_unit_test(statements),
		cmocka_unit_test(integer_constants),
		cmocka_unit_test(string_escapes),
		cmocka_unit_test(macros),
		cmocka_unit_test(macros_by_default),
		cmocka_unit_test(macros_by_default_refused),
		cmocka_unit_test(probe_descriptions),
		cmocka_unit_test(predicates_and_division),
		cmocka_unit_test(directives),
		cmocka_unit_test(variables),
		cmocka_unit_test(wrong_declarations),
		cmocka_unit_test(inlines_and_translators),
		cmocka_unit_test(wrong_tokens),
		cmocka_unit_test(wrong_statements),
		cmocka_unit_test(all_mistakes_are_collected),
		cmocka_unit_test(diagnostics_format),
		cmocka_unit_test(diagnostics_are_counted),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(size_is_not_bounded),
		cmocka_unit_test(bytes_of_any_kind),
		cmocka_unit_test(clones_are_equal),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
