/* SPDX-License-Identifier: BSD-2-Clause */
/* Struct and union variables of every kind: members, bit-fields, copies, elements, clearing. */
#pragma D option quiet

struct point {
	int x;
	short y;
	unsigned char low : 3, high : 5;
	long wide;
};

union both {
	uint32_t word;
	uint8_t byte[4];
};

struct line {
	struct point from, to;
	char name[10];
};

struct point g, other;
struct point at[int];
self struct point s;
this struct point t;
struct line l;
union both u;

BEGIN
{
	g.x = -1;
	g.y = 70000;
	g.low = 9;
	g.high = 17;
	g.wide = 1 << 20;
	g.wide *= g.wide;
	printf("%d %d %d %d %d\n", g.x, g.y, g.low, g.high, g.wide);
	g.high++;
	g.low--;
	printf("%d %d %d %d\n", g.low++, g.low, g.high -= 3, --g.y);
	g.high = 4;
	g.low = 12;
	printf("%d %d\n", g.low, g.high);
	other = g;
	g.x = 5;
	printf("%d %d %d\n", other.x, other.high, g.x);
	at[3].x = 33;
	at[3].wide = 333;
	at[4] = g;
	printf("%d %d %d %d %d\n", at[3].x, at[3].wide, at[4].x, at[4].wide, at[5].wide);
	self->s = at[3];
	self->s.y++;
	this->t = self->s;
	this->t.x += 100;
	printf("%d %d %d %d\n", self->s.x, self->s.y, this->t.x, this->t.y);
	l.from = g;
	l.to = this->t;
	l.name = "segment";
	l.to.x = -l.to.x;
	printf("%d %d %s %d\n", l.from.x, l.to.x, l.name, sizeof(l));
	l.name = "too long for it";
	l.name[1] = 'O';
	printf("%s %c\n", l.name, l.name[0]);
	l.name = "x";
	printf("%d\n", l.name[8]);
	u.word = 0x01020304;
	u.byte[3] = 9;
	printf("%x %d\n", u.word, u.byte[0]);
}

BEGIN
{
	printf("%d %d %d\n", this->t.x, self->s.y, at[4].high);
	self->s = 0;
	at[4] = 0;
	g = 0;
	this->t = 0;
	printf("%d %d %d %d\n", self->s.y, at[4].high, g.wide, this->t.x);
	exit(0);
}
