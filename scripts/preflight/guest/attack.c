/* Two attacks that the kernel must refuse. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "guest.h"

/* Of the writable layer: a program may fill it, and the attack needs a file in it. */
#define RESERVE WRITABLE "/reserve"
#define RESERVE_BYTES (2 << 20)

void reserve_attack(void)
{
	int fd = open(RESERVE, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || posix_fallocate(fd, 0, RESERVE_BYTES))
		fail(RESERVE);
	close(fd);
}

static int copy_file(const char *from, const char *to)
{
	int source = open(from, O_RDONLY | O_CLOEXEC), target = -1, error = 0;
	struct stat status;

	if (source >= 0)
		target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (target < 0 || fstat(source, &status) || sendfile(target, source, NULL, status.st_size) != status.st_size)
		error = errno ? errno : EIO;
	if (source >= 0)
		close(source);
	if (target >= 0)
		close(target);
	errno = error;
	return error ? -1 : 0;
}

/* Of executing it in the container's root; 0 if it ran. */
static int execute_dropped(const char *name)
{
	char *arguments[] = { (char *)name, DROPPED_ARGUMENT, NULL };
	int *error = mmap(NULL, sizeof(*error), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, result;
	pid_t child;

	if (error == MAP_FAILED || (child = fork()) < 0)
		return errno;
	if (child == 0) {
		if (chroot(MERGED) == 0 && chdir("/") == 0)
			execv(name, arguments);
		*error = errno;
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0)
		return errno;
	result = *error;
	munmap(error, sizeof(*error));
	return result || (WIFEXITED(status) && WEXITSTATUS(status) == 0) ? result : EIO;
}

void attack_dropped(void)
{
	unsigned int number = 0;
	char path[64];
	int error;

	unlink(RESERVE);
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = getpid();
	snprintf(path, sizeof(path), MERGED "/preflight-dropped-%08x", number);
	error = copy_file("/proc/self/exe", path) ? errno : execute_dropped(path + strlen(MERGED));
	event("attack");
	put_text("name", "dropped");
	put_outcome("outcome", error);
	send_event();
}

/* Reads the block from `device`, changes it or not, and leaves it on the report's disk. */
static int lay_block(const char *device, uint64_t offset, size_t size, int change, const char *scratch)
{
	unsigned char block[65536];
	int from = open(device, O_RDONLY | O_CLOEXEC), to = open(scratch, O_RDWR | O_CLOEXEC), error = 0;

	if (from < 0 || to < 0 || pread(from, block, size, offset) != (ssize_t)size)
		error = errno ? errno : EIO;
	block[size / 2] ^= change;
	if (!error && (pwrite(to, block, size, report_scratch()) != (ssize_t)size || fsync(to)))
		error = errno ? errno : EIO;
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	errno = error;
	return error ? -1 : 0;
}

static int read_block(const char *device, uint64_t offset, size_t size)
{
	unsigned char block[65536];
	int fd = open(device, O_RDONLY | O_CLOEXEC), error = 0;

	/* One block, without those before and after it. */
	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	if (fd < 0 || pread(fd, block, size, offset) != (ssize_t)size)
		error = errno ? errno : EIO;
	if (fd >= 0)
		close(fd);
	return error;
}

struct result {
	int open, read;
};

/* The layer's disk with one block from the report's disk in its place, opened as the layer was. */
static struct result try_block(struct layer *layer, const char *report, uint64_t sectors, int change)
{
	char disk[] = DEVICE_NODE "attacked-disk", opened[] = DEVICE_NODE "attacked";
	struct result result = { .read = ECANCELED };
	struct target parts[3];
	struct verity verity;
	uint64_t block, begin, length;
	int count = 0;

	errno = 0;
	if (verity_table(layer->disk, &layer->seal, &verity)) {
		result.open = errno;
		return result;
	}
	length = verity.data_block / 512;
	block = verity.data_blocks / 2;
	begin = block * length;
	if (lay_block(layer->disk, begin * 512, verity.data_block, change, report)) {
		result.open = errno;
		return result;
	}
	if (begin)
		parts[count++] = (struct target){ .sectors = begin };
	parts[count++] = (struct target){ .start = begin, .sectors = length };
	parts[count++] = (struct target){ .start = begin + length, .sectors = sectors - begin - length };
	for (int i = 0; i < count; i++) {
		int replaced = parts[i].start == begin;

		parts[i].type = "linear";
		snprintf(parts[i].arguments, sizeof(parts[i].arguments), "%s %llu", replaced ? report : layer->disk,
			 (unsigned long long)(replaced ? report_scratch() / 512 : parts[i].start));
	}
	if (make_device(strrchr(disk, '/') + 1, parts, count) == 0) {
		if (verity_table(disk, &layer->seal, &verity) == 0 &&
		    open_verity(strrchr(opened, '/') + 1, &verity, &layer->seal) == 0) {
			result.read = read_block(opened, block * verity.data_block, verity.data_block);
			remove_device(strrchr(opened, '/') + 1);
		} else {
			result.open = errno;
		}
		remove_device(strrchr(disk, '/') + 1);
	} else {
		result.open = errno;
	}
	return result;
}

void attack_changed_byte(struct job *job, const char *report)
{
	struct result control, changed;
	struct layer *layer = NULL;
	uint64_t size = 0;
	int fd;

	for (int i = 0; i < job->layer_count; i++)
		if (job->layers[i].number == job->tamper)
			layer = &job->layers[i];
	/* A layer that does not open as it is says nothing about a changed byte. */
	if (!layer || !layer->opened)
		return;
	fd = open(layer->disk, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size))
		fail(layer->disk);
	close(fd);
	control = try_block(layer, report, size / 512, 0);
	changed = try_block(layer, report, size / 512, 1);
	event("attack");
	put_text("name", "changed-byte");
	put_number("layer", layer->number);
	put_outcome("control", control.open ? control.open : control.read);
	put_outcome("open", changed.open);
	put_outcome("read", changed.read);
	send_event();
}
