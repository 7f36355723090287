#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(8);
	*this->p = 0x3fc00000;
	print(*(float *)this->p);
	exit(0);
}
