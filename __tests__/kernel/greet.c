/* A program of the test image whose text an attacker changes on the node's disk. */
#include <stdio.h>

int main(void)
{
	puts("greet: original");
	return 0;
}
