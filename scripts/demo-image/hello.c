/* The demo image's own program: says where its code comes from. */
#include <stdio.h>
#include <sys/utsname.h>

int main(int argc, char **argv)
{
	struct utsname host;

	if (uname(&host) != 0) {
		perror("uname");
		return 1;
	}
	printf("Hello%s%s from a signed layer, on %s %s\n", argc > 1 ? ", " : "", argc > 1 ? argv[1] : "",
	       host.sysname, host.release);
	return 0;
}
