/* An array is no condition: its address is never 0. */
int a[5];

BEGIN
/a/
{
}
