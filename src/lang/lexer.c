/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blanks, words and punctuation; where predicates end; probe descriptions.
 *
 * A / is division or the end of a predicate.  Inside a predicate and outside
 * all brackets it is the end if what follows it cannot follow a division: {, ;,
 * another /, the end of the text, a # line, a declaration, or a probe
 * description.  A word with a colon in it is the latter, unless a ?: waits for
 * its colon.
 */
#include "lang/lexer.h"

#include <string.h>

#include "base/buf.h"

// clang-format off
static const struct punctuation {
	char text[4];
	enum token_kind kind;
} punctuations[] = { /* longer ones before their beginnings */
	{ "...", TOK_ELLIPSIS }, { "<<=", TOK_SHL_EQ }, { ">>=", TOK_SHR_EQ },
	{ "->", TOK_ARROW }, { "++", TOK_INC }, { "--", TOK_DEC },
	{ "<<", TOK_SHL }, { ">>", TOK_SHR },
	{ "<=", TOK_LE }, { ">=", TOK_GE }, { "==", TOK_EQ }, { "!=", TOK_NE },
	{ "&&", TOK_LAND }, { "^^", TOK_LXOR }, { "||", TOK_LOR },
	{ "*=", TOK_MUL_EQ }, { "/=", TOK_DIV_EQ }, { "%=", TOK_MOD_EQ }, { "+=", TOK_ADD_EQ },
	{ "-=", TOK_SUB_EQ }, { "&=", TOK_AND_EQ }, { "^=", TOK_XOR_EQ }, { "|=", TOK_OR_EQ },
	{ "(", TOK_LPAREN }, { ")", TOK_RPAREN }, { "[", TOK_LBRACKET }, { "]", TOK_RBRACKET },
	{ "{", TOK_LBRACE }, { "}", TOK_RBRACE },
	{ ";", TOK_SEMI }, { ",", TOK_COMMA }, { ".", TOK_DOT },
	{ "?", TOK_QUESTION }, { ":", TOK_COLON }, { "=", TOK_ASSIGN }, { "*", TOK_STAR },
	{ "/", TOK_SLASH }, { "%", TOK_PERCENT }, { "+", TOK_PLUS }, { "-", TOK_MINUS },
	{ "<", TOK_LT }, { ">", TOK_GT }, { "&", TOK_AMP }, { "^", TOK_CARET }, { "|", TOK_PIPE },
	{ "!", TOK_NOT }, { "~", TOK_TILDE },
};

static const struct keyword {
	const char *word;
	enum token_kind kind;
} keywords[] = {
	{ "_Bool", TOK_BOOL }, { "__signed", TOK_SIGNED }, { "__signed__", TOK_SIGNED },
	{ "auto", TOK_AUTO },
	{ "break", TOK_C_STATEMENT }, { "case", TOK_C_STATEMENT },
	{ "char", TOK_CHAR }, { "const", TOK_CONST }, { "continue", TOK_C_STATEMENT },
	{ "default", TOK_C_STATEMENT }, { "do", TOK_C_STATEMENT }, { "double", TOK_DOUBLE },
	{ "else", TOK_ELSE }, { "enum", TOK_ENUM },
	{ "extern", TOK_EXTERN }, { "float", TOK_FLOAT },
	{ "for", TOK_C_STATEMENT }, { "goto", TOK_C_STATEMENT },
	{ "if", TOK_IF }, { "inline", TOK_INLINE },
	{ "int", TOK_INT_TYPE }, { "long", TOK_LONG }, { "offsetof", TOK_OFFSETOF },
	{ "provider", TOK_PROVIDER }, { "register", TOK_REGISTER }, { "restrict", TOK_RESTRICT },
	{ "return", TOK_C_STATEMENT }, { "self", TOK_SELF },
	{ "short", TOK_SHORT }, { "signed", TOK_SIGNED },
	{ "sizeof", TOK_SIZEOF }, { "static", TOK_STATIC }, { "string", TOK_STRING_TYPE },
	{ "stringof", TOK_STRINGOF }, { "struct", TOK_STRUCT }, { "switch", TOK_C_STATEMENT },
	{ "this", TOK_THIS }, { "translator", TOK_TRANSLATOR }, { "typedef", TOK_TYPEDEF },
	{ "union", TOK_UNION }, { "unsigned", TOK_UNSIGNED },
	{ "void", TOK_VOID }, { "volatile", TOK_VOLATILE },
	{ "while", TOK_C_STATEMENT }, { "xlate", TOK_XLATE },
};
/* Words of C compilers that say nothing to D; with what stands in parentheses behind them. */
static const struct noise {
	const char *word;
	bool arguments;
} noises[] = {
	{ "_Noreturn" }, { "_Static_assert", true },
	{ "__asm", true }, { "__asm__", true }, { "__attribute", true }, { "__attribute__", true },
	{ "__const" }, { "__extension__" }, { "__inline" }, { "__inline__" },
	{ "__restrict" }, { "__restrict__" }, { "__volatile__" },
};
// clang-format on

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

bool lexer_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool lexer_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* What descriptions are made of; [ ! ] and \ belong to globs, ` to module names of kernels. */
static bool is_probe_char(char c)
{
	return lexer_is_word(c) || (c && strchr(":-.*?[]!\\`$", c));
}

enum token_kind lexer_keyword(const char *word, size_t n)
{
	size_t low = 0, high = ARRAY_SIZE(keywords);

	while (low < high) {
		size_t mid = (low + high) / 2;
		const char *k = keywords[mid].word;
		int c = strncmp(word, k, n);

		if (c == 0 && k[n] == '\0')
			return keywords[mid].kind;
		if (c <= 0)
			high = mid;
		else
			low = mid + 1;
	}
	return TOK_IDENT;
}

struct loc lexer_loc(const struct lexer *lx, const char *p)
{
	return (struct loc){lx->source, lx->line, (int)(p - lx->line_start) + 1};
}

void lexer_init(struct lexer *lx, struct script *s, const struct source *src)
{
	*lx = (struct lexer){.script = s, .source = src, .at = src->text};
	lx->end = src->text + src->len;
	lx->line = src->first_line ? src->first_line : 1;
	if (src->len >= 3 && memcmp(src->text, "\xef\xbb\xbf", 3) == 0)
		lx->at += 3; /* byte order mark */
	lx->line_start = lx->at;
}

void lexer_predicate(struct lexer *lx, bool on)
{
	lx->in_predicate = on;
	lx->brackets = lx->conditionals = 0;
}

/* The end of the comment that begins at p; NULL if none begins there, end if it is not closed. */
static const char *comment_end(const char *p, const char *end, bool *closed)
{
	*closed = true;
	if (end - p < 2 || p[0] != '/')
		return NULL;
	if (p[1] == '/') {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		return nl ? nl : end;
	}
	if (p[1] != '*')
		return NULL;
	for (p += 2; end - p >= 2; p++)
		if (p[0] == '*' && p[1] == '/')
			return p + 2;
	*closed = false;
	return end;
}

const char *lexer_peek(const struct lexer *lx, const char *p)
{
	const char *to;
	bool closed;

	while (p < lx->end) {
		if (lexer_is_blank(*p) || *p == '\n')
			p++;
		else if ((to = comment_end(p, lx->end, &closed)))
			p = to;
		else
			break;
	}
	return p;
}

/* The end of the parentheses that begin at p; of what else is there, p. */
static const char *parentheses_end(const struct lexer *lx, const char *p)
{
	int depth = 0;

	for (const char *q = p; q < lx->end; q++) {
		if (*q == '"')
			for (q++; q < lx->end && *q != '"'; q++)
				q += *q == '\\' && lx->end - q > 1;
		else if (*q == '(')
			depth++;
		else if (*q == ')')
			depth--;
		if (depth <= 0)
			return q < lx->end && *q == ')' ? q + 1 : p;
	}
	return p;
}

/* The end of a word that is passed over; NULL if none begins at p. */
static const char *noise_end(const struct lexer *lx, const char *p)
{
	const char *end = p;

	if (*p != '_')
		return NULL;
	while (end < lx->end && lexer_is_word(*end))
		end++;
	for (size_t i = 0; i < ARRAY_SIZE(noises); i++) {
		size_t n = strlen(noises[i].word);

		if ((size_t)(end - p) != n || memcmp(p, noises[i].word, n) != 0)
			continue;
		return noises[i].arguments ? parentheses_end(lx, lexer_peek(lx, end)) : end;
	}
	return NULL;
}

static bool at_line_start(const struct lexer *lx)
{
	for (const char *p = lx->line_start; p < lx->at; p++)
		if (!lexer_is_blank(*p))
			return false;
	return true;
}

static void newlines(struct lexer *lx, const char *to)
{
	for (; lx->at < to; lx->at++)
		if (*lx->at == '\n') {
			lx->line++;
			lx->line_start = lx->at + 1;
		}
}

const char *lexer_skip(struct lexer *lx)
{
	const char *to;
	bool closed;

	while (lx->at < lx->end) {
		if (lexer_is_blank(*lx->at) || *lx->at == '\n') {
			newlines(lx, lx->at + 1);
		} else if ((to = comment_end(lx->at, lx->end, &closed))) {
			if (!closed)
				diag_error(lx->script->diag, lexer_loc(lx, lx->at), "D_SYNTAX",
					   "comment is not closed before the end of the text");
			newlines(lx, to);
		} else if (*lx->at == '#' && at_line_start(lx)) {
			lexer_directive(lx);
		} else if ((to = noise_end(lx, lx->at))) {
			newlines(lx, to);
		} else {
			break;
		}
	}
	return lx->at;
}

bool lexer_begins_clause(const struct lexer *lx, const char *p)
{
	const char *q = p, *r;
	bool colon = false;

	while (q < lx->end && is_probe_char(*q))
		colon |= *q++ == ':';
	if (q == p)
		return false;
	if (colon && lx->conditionals == 0)
		return true;
	for (r = p; r < lx->end && lexer_is_word(*r);)
		r++;
	if (r - p == 5 ? !memcmp(p, "BEGIN", 5) || !memcmp(p, "ERROR", 5)
		       : r - p == 3 && !memcmp(p, "END", 3))
		return true;
	switch (lexer_keyword(p, (size_t)(r - p))) {
	case TOK_SELF:
	case TOK_THIS:
		r = lexer_peek(lx, r);
		return lx->end - r < 2 || r[0] != '-' || r[1] != '>';
	case TOK_IDENT:
	case TOK_IF:
	case TOK_ELSE:
	case TOK_SIZEOF:
	case TOK_OFFSETOF:
	case TOK_STRINGOF:
	case TOK_XLATE:
	case TOK_C_STATEMENT:
		return false;
	default:
		return true;
	}
}

static bool ends_predicate(const struct lexer *lx, const char *slash)
{
	const char *p;

	if (!lx->in_predicate || lx->brackets)
		return false;
	p = lexer_peek(lx, slash + 1);
	return p == lx->end || (*p && strchr("{;/#", *p)) || lexer_begins_clause(lx, p);
}

/* identifier, keyword, or name with a backquote (module`name; "struct" behind one is the keyword)
 */
static void lex_word(struct lexer *lx, struct token *t)
{
	const char *p = lx->at, *word = p;

	while (p < lx->end && lexer_is_word(*p))
		p++;
	t->kind = lexer_keyword(word, (size_t)(p - word));
	if (p < lx->end && *p == '`' && t->kind == TOK_IDENT) {
		const char *name = p + 1;

		for (p = name; p < lx->end && lexer_is_word(*p);)
			p++;
		if (p == name)
			diag_error(lx->script->diag, lexer_loc(lx, word), "D_SYNTAX",
				   "a name is missing after the backquote");
		t->kind = lexer_keyword(name, (size_t)(p - name));
		if (t->kind != TOK_STRUCT && t->kind != TOK_UNION && t->kind != TOK_ENUM)
			t->kind = TOK_KERNEL;
	}
	t->length = (size_t)(p - word);
	t->text = arena_strndup(lx->script->arena, word, t->length);
	lx->at = p;
}

/* @name; a space may follow the @ */
static void lex_aggregation(struct lexer *lx, struct token *t)
{
	const char *name = lx->at + 1, *p = name;

	if (p == lx->end || !is_digit(*p))
		while (p < lx->end && lexer_is_word(*p))
			p++;
	t->kind = TOK_AGG;
	t->length = (size_t)(p - name);
	t->text = arena_strndup(lx->script->arena, name, t->length);
	lx->at = p;
}

static void track_predicate(struct lexer *lx, enum token_kind k)
{
	switch (k) {
	case TOK_LPAREN:
	case TOK_LBRACKET:
		lx->brackets++;
		break;
	case TOK_RPAREN:
	case TOK_RBRACKET:
		if (lx->brackets)
			lx->brackets--;
		break;
	case TOK_QUESTION:
		lx->conditionals++;
		break;
	case TOK_COLON:
		if (lx->conditionals)
			lx->conditionals--;
		break;
	default:
		break;
	}
}

static bool lex_punctuation(struct lexer *lx, struct token *t)
{
	size_t left = (size_t)(lx->end - lx->at);

	if (*lx->at == '/' && ends_predicate(lx, lx->at)) {
		t->kind = TOK_PRED_END;
		lx->at++;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(punctuations); i++) {
		size_t n = strlen(punctuations[i].text);

		if (n <= left && memcmp(lx->at, punctuations[i].text, n) == 0) {
			t->kind = punctuations[i].kind;
			lx->at += n;
			track_predicate(lx, t->kind);
			return true;
		}
	}
	return false;
}

static void stray_character(struct lexer *lx)
{
	unsigned char c = (unsigned char)*lx->at;
	struct diag *d = lx->script->diag;
	struct loc at = lexer_loc(lx, lx->at);

	if (c > ' ' && c < 0x7f)
		diag_error(d, at, "D_SYNTAX", "stray '%c'", c);
	else if (c >= 0x80)
		diag_error(d, at, "D_SYNTAX",
			   "character outside ASCII (byte 0x%02x) outside strings and comments", c);
	else
		diag_error(d, at, "D_SYNTAX", "byte 0x%02x in the text", c);
	/* One message for all of the same kind that follow: binary files are long. */
	do
		lx->at++;
	while (lx->at < lx->end && *lx->at != '\n' &&
	       (*lx->at & 0x80 || (unsigned char)*lx->at < ' '));
}

void lexer_next(struct lexer *lx, struct token *t)
{
	const char *p;

	*t = (struct token){.text = ""};
	for (;;) {
		p = lexer_skip(lx);
		t->start = p;
		t->loc = lexer_loc(lx, p);
		if (p == lx->end) {
			t->kind = TOK_END;
			break;
		}
		if (is_digit(*p)) {
			lexer_number(lx, t);
			break;
		}
		if (lexer_is_word(*p) || *p == '`') {
			lex_word(lx, t);
			break;
		}
		if (*p == '"' || *p == '\'') {
			lexer_quoted(lx, t);
			break;
		}
		if (*p == '$') {
			lexer_macro(lx, t);
			break;
		}
		if (*p == '@') {
			lex_aggregation(lx, t);
			break;
		}
		if (lex_punctuation(lx, t))
			break;
		stray_character(lx);
	}
	t->raw_length = (size_t)(lx->at - p);
}

bool lexer_probe(struct lexer *lx, struct token *t)
{
	const char *p = lx->at, *start = p;
	struct buf b = {0};
	size_t used;

	while (p < lx->end && is_probe_char(*p)) {
		if (*p == '$') {
			const char *text = lexer_macro_text(lx, p, &used);

			buf_puts(&b, text ? text : "");
			p += used;
		} else {
			buf_putc(&b, *p++);
		}
	}
	*t = (struct token){.kind = TOK_PROBE, .loc = lexer_loc(lx, start), .start = start};
	t->raw_length = (size_t)(p - start);
	t->length = b.n;
	t->text = arena_strndup(lx->script->arena, buf_str(&b), b.n);
	lx->at = p;
	buf_free(&b);
	return p > start;
}
