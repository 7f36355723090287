/* Nobody knows how large a void is. */

BEGIN
{
	this->p = (void *)0;
	trace(this->p + 1);
}
