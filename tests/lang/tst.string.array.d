/* A string made of an array of characters: by an inline, by a translator, kept, compared. */
#pragma D option quiet

struct named {
	string s;
	char c[16];
};

translator struct named < struct task_struct *t > {
	s = t->comm;
	c = t->comm;
};

inline string NAME[struct task_struct *t] = t->comm;

BEGIN
/NAME[curthread] == execname && xlate <struct named *>(curthread)->s == execname/
{
	printf("%s %s %s\n", NAME[curthread], xlate <struct named *>(curthread)->s,
	    xlate <struct named *>(curthread)->c);
	this->kept = xlate <struct named *>(curthread)->s;
	kept[NAME[curthread]] = xlate <struct named *>(curthread)->c;
	printf("%s %s\n", this->kept, kept["dtrace"]);
	@[xlate <struct named *>(curthread)->s, NAME[curthread]] = count();
	exit(0);
}
