/* A string has no place of its own. */
string s; BEGIN { this->p = &s; }
