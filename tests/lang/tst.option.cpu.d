/* -x cpu: probes fire on that CPU alone. */
#pragma D option quiet
#pragma D option cpu=0

profile-499
{
	n++;
	odd += cpu != 0;
}

tick-100ms
/n > 0/
{
	printf("%d\n", odd);
	exit(0);
}

tick-5s
{
	printf("nothing fired\n");
	exit(1);
}
