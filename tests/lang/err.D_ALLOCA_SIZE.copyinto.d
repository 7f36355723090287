BEGIN
{
	copyinto(0x1000, 0x100000000, alloca(8));
}
