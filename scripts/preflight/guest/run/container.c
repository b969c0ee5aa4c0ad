/* The container as runtimes make it, without their seccomp filter: what it denies is not what is asked here. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "run.h"

#define HOST_NAME "preflight"
#define QUIET (MS_NOSUID | MS_NODEV | MS_NOEXEC)

static const struct {
	const char *name;
	int major, minor;
} devices[] = {
	{ "/dev/null", 1, 3 },	 { "/dev/zero", 1, 5 },	   { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const char *links[][2] = {
	{ "/proc/self/fd", "/dev/fd" },	      { "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" }, { "/proc/self/fd/2", "/dev/stderr" },
	{ "pts/ptmx", "/dev/ptmx" },
};

static const char *masked[] = { "/proc/kcore", "/proc/keys", "/proc/timer_list" };
static const char *read_only[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };

static void mount_at(const char *type, const char *dir, unsigned long flags, const char *options)
{
	mkdir(dir, 0755);
	/* A kernel may lack one of them; the program then says what it misses. */
	if (mount(type, dir, type, flags, options))
		fprintf(stderr, "preflight: %s is not mounted: %m\n", dir);
}

static void make_devices(void)
{
	mount_at("tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME, "mode=0755,size=64k");
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		mknod(devices[i].name, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor));
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlink(links[i][0], links[i][1]))
			fprintf(stderr, "preflight: %s: %m\n", links[i][1]);
	mount_at("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
	mount_at("tmpfs", "/dev/shm", QUIET, "mode=1777,size=64m");
	mount_at("mqueue", "/dev/mqueue", QUIET, NULL);
}

static void protect_proc(void)
{
	for (size_t i = 0; i < sizeof(masked) / sizeof(*masked); i++)
		mount("/dev/null", masked[i], NULL, MS_BIND, NULL);
	for (size_t i = 0; i < sizeof(read_only) / sizeof(*read_only); i++)
		if (mount(read_only[i], read_only[i], NULL, MS_BIND | MS_REC, NULL) == 0)
			mount(NULL, read_only[i], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | QUIET, NULL);
}

static void bring_up(int fd, const char *interface)
{
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, interface);
	if (ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags |= IFF_UP;
		ioctl(fd, SIOCSIFFLAGS, &request);
	}
}

static void set_address(struct sockaddr *address, const char *text)
{
	struct sockaddr_in *internet = (void *)address;

	internet->sin_family = AF_INET;
	inet_pton(AF_INET, text, &internet->sin_addr);
}

/* The addresses of QEMU's user network. */
static void configure_network(int fd)
{
	struct ifreq request = { .ifr_name = "eth0" };
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };

	set_address(&request.ifr_addr, "10.0.2.15");
	ioctl(fd, SIOCSIFADDR, &request);
	set_address(&request.ifr_addr, "255.255.255.0");
	ioctl(fd, SIOCSIFNETMASK, &request);
	bring_up(fd, "eth0");
	set_address(&route.rt_gateway, "10.0.2.2");
	set_address(&route.rt_dst, "0.0.0.0");
	set_address(&route.rt_genmask, "0.0.0.0");
	if (ioctl(fd, SIOCADDRT, &route))
		fprintf(stderr, "preflight: no route through eth0: %m\n");
}

static void write_file(const char *path, const char *text)
{
	/* A named pipe of the image would wait for a reader. */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "preflight: %s: %m\n", path);
	if (fd >= 0)
		close(fd);
}

static void make_network(int network)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	bring_up(fd, "lo");
	if (network)
		configure_network(fd);
	close(fd);
	/* As runtimes set it: a program that is not root may listen at port 80. */
	write_text("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
}

void enter_container(int network)
{
	in_container = 1;
	/* Moved over the root: before Linux 7.0, pivot_root(2) does not take the root of an initramfs. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || chdir(MERGED) ||
	    mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		fail("container");
	umask(0);
	mount_at("proc", "/proc", QUIET, NULL);
	make_devices();
	mount_at("sysfs", "/sys", QUIET | MS_RDONLY, NULL);
	umask(022);
	make_network(network);
	protect_proc();
	if (sethostname(HOST_NAME, strlen(HOST_NAME)))
		fail("host name");
	mkdir("/etc", 0755);
	write_file("/etc/hostname", HOST_NAME "\n");
	write_file("/etc/hosts", "127.0.0.1\tlocalhost " HOST_NAME "\n::1\tlocalhost ip6-localhost ip6-loopback\n");
	write_file("/etc/resolv.conf", network ? "nameserver 10.0.2.3\n" : "");
}
