/* A predicate sees variables that its clause's body is the first to assign. */
#pragma D option quiet

BEGIN
/number == 0 && array["a"] == 0 && this->text == "" && !self->there/
{
	number = 3;
	array["a"] = 2;
	this->text = "text";
	self->there = 1;
}

BEGIN
/self->there/
{
	printf("%d %d %s\n", number, array["a"], this->text);
	exit(0);
}
