/* Small integers print with the sign of their type, everywhere. */
#pragma D option quiet

BEGIN
{
	trace((int8_t)-1);
	trace((uint8_t)-1);
	trace((int16_t)-2);
	trace((uint16_t)-2);
	printf("\n%d %i %d %i\n", (int8_t)-1, (int8_t)-1, (uint8_t)200, (uint8_t)200);
	printf("%d %i %d %i\n", (int16_t)-1, (int16_t)-1, (uint16_t)60000, (uint16_t)60000);
	printf("%d %i\n", (uint32_t)4000000000, (uint32_t)4000000000);
	@[(int8_t)-1, (uint8_t)-1, (int16_t)-2, (uint16_t)-2] = count();
	@k[(int8_t)-3] = count();
	@k[(int8_t)3] = count();
	printa("%d %@i\n", @k);
	exit(0);
}
