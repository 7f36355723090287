/* Keys of equal values: by bytes, the shorter first; numbers as unsigned; averages finer than they print. */
#pragma D option quiet
BEGIN
{
	@s["b"] = count(); @s["ab"] = count(); @s["abcdefgh2"] = count(); @s["abcdefgh10"] = count();
	@s["abcdefgh"] = count(); @s[""] = count(); @s["ba"] = count(); @s["a"] = count();
	@n[256] = sum(5); @n[-1] = sum(5); @n[1] = sum(5); @n[0] = sum(5); @n[2] = sum(-7); @n[3] = sum(6);
	@a[1] = avg(1); @a[1] = avg(2); @a[2] = avg(1); @a[3] = avg(1); @a[3] = avg(1); @a[3] = avg(2);
	@l[1, (int64_t)-1] = sum(5); @l[1, (int64_t)1] = sum(5); @l[0, 0] = sum(5);
	@w[(int64_t)-1] = sum(5); @w[(int64_t)1] = sum(5);
	printa("%s %@d\n", @s);
	printa("%d %@d\n", @n);
	printa("%d %@d\n", @a);
	printa("%d %d %@d\n", @l);
	printa("%d %@d\n", @w);
	exit(0);
}
