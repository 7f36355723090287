/* Each dimension has its bounds. */
int a[3][4]; BEGIN { a[2][4] = 1; }
