BEGIN
{
	bcopy(alloca(8), alloca(8), 0x100000008);
}
