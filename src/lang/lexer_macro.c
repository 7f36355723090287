/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Macro arguments: $1 and so on from the command line, $target, and the ids of
 * this process.  A macro is an integer if its text is one, else the identifier
 * that its text is; with two dollars it is always a string.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lang/lexer.h"

static long id_pid(void)
{
	return getpid();
}

static long id_ppid(void)
{
	return getppid();
}

static long id_uid(void)
{
	return getuid();
}

static long id_euid(void)
{
	return geteuid();
}

static long id_gid(void)
{
	return getgid();
}

static long id_egid(void)
{
	return getegid();
}

static long id_sid(void)
{
	return getsid(0);
}

static long id_pgid(void)
{
	return getpgid(0);
}

static long id_none(void) /* projects and tasks: of Solaris alone */
{
	return 0;
}

static bool defaultargs(const struct macro_args *m)
{
	return m && m->options && m->options->defaultargs;
}

static const struct macro {
	const char *name;
	long (*value)(void);
} macros[] = {
	{"pid", id_pid},     {"ppid", id_ppid},	  {"uid", id_uid}, {"euid", id_euid},
	{"gid", id_gid},     {"egid", id_egid},	  {"sid", id_sid}, {"pgid", id_pgid},
	{"projid", id_none}, {"taskid", id_none},
};

static const char *positional(struct lexer *lx, struct loc at, const char *digits)
{
	struct macro_args *m = lx->script->macros;
	long n;

	errno = 0;
	n = strtol(digits, NULL, 10);
	if (errno || n > INT_MAX) {
		diag_error(lx->script->diag, at, "D_MACRO_OFLOW",
			   "macro argument $%.40s is out of range", digits);
		return NULL;
	}
	if (m && n < m->argc) {
		if (m->used)
			m->used[n] = true;
		return m->argv[n];
	}
	if (n == 0 || defaultargs(m))
		return "";
	diag_error(lx->script->diag, at, "D_MACRO_UNDEF",
		   "macro argument $%ld is not defined: %d %s given", n,
		   m && m->argc > 1 ? m->argc - 1 : 0,
		   m && m->argc == 2 ? "argument was" : "arguments were");
	diag_hint(lx->script->diag,
		  "give it after the script, or use -x defaultargs to read 0 or \"\" instead");
	return NULL;
}

static const char *target(struct lexer *lx, struct loc at)
{
	struct macro_args *m = lx->script->macros;

	if (!m || (!m->target && !defaultargs(m))) {
		diag_error(lx->script->diag, at, "D_MACRO_UNDEF", "$target is not defined");
		diag_hint(lx->script->diag, "name a process with -p PID or -c COMMAND");
		return NULL;
	}
	m->target_used = true;
	return arena_printf(lx->script->arena, "%lld", (long long)m->target);
}

const char *lexer_macro_text(struct lexer *lx, const char *p, size_t *used)
{
	struct loc at = lexer_loc(lx, p);
	const char *name = p + 1, *end;
	char *word;

	if (name < lx->end && *name == '$')
		name++;
	for (end = name; end < lx->end && lexer_is_word(*end);)
		if (isdigit((unsigned char)*name) && !isdigit((unsigned char)*end))
			break;
		else
			end++;
	*used = (size_t)(end - p);
	word = arena_strndup(lx->script->arena, name, (size_t)(end - name));
	if (isdigit((unsigned char)*word))
		return positional(lx, at, word);
	if (strcmp(word, "target") == 0)
		return target(lx, at);
	for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++)
		if (strcmp(word, macros[i].name) == 0)
			return arena_printf(lx->script->arena, "%ld", macros[i].value());
	if (*word)
		diag_error(lx->script->diag, at, "D_MACRO_UNDEF", "undefined macro $%.60s", word);
	else
		diag_error(lx->script->diag, at, "D_SYNTAX", "stray '$'");
	return NULL;
}

static bool read_integer(const char *text, struct token *t)
{
	bool negative = text[0] == '-', decimal;
	const char *digits = text + (negative || text[0] == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	decimal = digits[0] != '0' || digits[1] == '\0';
	errno = 0;
	t->value = strtoull(digits, &end, 0);
	if (*end || errno)
		return false;
	if (negative && t->value > (uint64_t)LONG_MAX + 1)
		return false;
	if (t->value <= INT_MAX)
		t->type = "int";
	else if (!decimal && !negative && t->value <= UINT_MAX)
		t->type = "unsigned int";
	else
		t->type = t->value <= LONG_MAX || negative ? "long" : "unsigned long";
	if (negative)
		t->value = -t->value;
	t->kind = TOK_INT;
	return true;
}

static bool is_identifier(const char *s)
{
	if (isdigit((unsigned char)*s))
		return false;
	for (; lexer_is_word(*s) || *s == '`'; s++)
		;
	return *s == '\0';
}

void lexer_macro(struct lexer *lx, struct token *t)
{
	const char *name = lx->at, *text;
	bool quoted = lx->end - name > 1 && name[1] == '$';
	size_t used;

	text = lexer_macro_text(lx, name, &used);
	lx->at += used;
	t->kind = quoted ? TOK_STRING : TOK_INT;
	t->type = "int"; /* 0 where there is none */
	t->text = text ? text : "";
	t->length = strlen(t->text);
	if (quoted || !text || !*text || read_integer(text, t))
		return;
	if (used == 2 && name[1] == '0') { /* a path: neither integer nor, as a rule, identifier */
		t->kind = TOK_STRING;
		return;
	}
	if (is_identifier(text)) {
		t->kind = strchr(text, '`') ? TOK_KERNEL : lexer_keyword(text, t->length);
		return;
	}
	diag_error(lx->script->diag, t->loc, "D_MACRO_UNDEF",
		   "macro argument %.*s (\"%.60s\") is neither an integer nor an identifier",
		   (int)used, name, text);
	diag_hint(lx->script->diag, "write $%.*s for its text as a string", (int)used, name);
}
