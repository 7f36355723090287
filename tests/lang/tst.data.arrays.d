/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays of C: elements, several dimensions, in structs, in variables of every kind. */
#pragma D option quiet

int a[5];
short grid[3][4];
this long t[4];
self uint8_t s[6];
int byname[string][3];
struct table {
	int n;
	struct row {
		char tag[4];
		int v[3];
	} row[2];
} table;
char text[8];
char far[300];
int big[20000];

BEGIN
{
	this->i = 2;
	a[2] = 1;
	a[this->i + 1] = 7;
	a[4] += 40;
	a[4]++;
	printf("%d %d %d %d %d\n", a[0], a[1], a[this->i], a[3], a[4]);
	grid[1][2] = 12;
	grid[this->i][this->i + 1] = -23;
	grid[2][0]--;
	printf("%d %d %d %d\n", grid[1][2], grid[2][3], grid[2][0], grid[this->i - 1][this->i]);
	this->t[3] = 1000000000000;
	this->t[this->i] = this->t[3] + 1;
	printf("%d %d %d\n", this->t[0], this->t[2], this->t[3]);
	self->s[5] = 255;
	self->s[this->i]--;
	printf("%d %d %d\n", self->s[5], self->s[2], self->s[0]);
	printf("%d %d\n", (self->s[0] = 200) + 1, (self->s[this->i] = 300) * 2);
	byname["one"][1] = 11;
	byname["two"][this->i] = 22;
	printf("%d %d %d\n", byname["one"][1], byname["two"][2], byname["two"][1]);
	table.n = 2;
	table.row[1].v[this->i] = 5;
	table.row[table.n - 1].tag = "abc";
	printf("%d %s %d\n", table.row[1].v[2], table.row[1].tag, table.row[0].v[2]);
	table.row[0] = table.row[1];
	printf("%d %s\n", table.row[0].v[2], table.row[0].tag);
	text = "hello";
	text[0] = 'J';
	text[this->i] = 'L';
	printf("%s %c %d\n", text, text[4], text[5]);
	far[299] = 'z';
	far = "abc";
	printf("%s %d\n", far, far[299]);
	big[19999] = 3;
	big[this->i * 5000] = 4;
	printf("%d %d\n", big[19999], big[10000]);
	exit(0);
}
