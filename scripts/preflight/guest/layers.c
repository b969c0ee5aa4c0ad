/* Layers as a node has them: dm-verity, EROFS, and all of them under a writable layer. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "guest.h"

static int report_layer(const struct layer *layer, const char *step, int error)
{
	event("layer");
	put_number("layer", layer->number);
	put_text("step", step);
	put_outcome("outcome", error);
	send_event();
	return error ? -1 : 0;
}

static int open_layer(struct layer *layer, int position)
{
	char name[32], node[64], dir[64];
	struct verity verity;

	if (find_disk(layer->serial, layer->disk, sizeof(layer->disk)) ||
	    verity_table(layer->disk, &layer->seal, &verity))
		return report_layer(layer, "disk", errno);
	snprintf(name, sizeof(name), "layer-%d", position);
	if (open_verity(name, &verity, &layer->seal))
		return report_layer(layer, "open", errno);
	layer->opened = 1;
	snprintf(node, sizeof(node), DEVICE_NODE "%s", name);
	snprintf(dir, sizeof(dir), LAYERS "/%d", position);
	mkdir(dir, 0755);
	layer->mounted = mount(node, dir, "erofs", MS_RDONLY, NULL) == 0;
	return report_layer(layer, "mount", layer->mounted ? 0 : errno);
}

int open_layers(struct job *job)
{
	int failed = 0;

	mkdir(LAYERS, 0755);
	for (int i = 0; i < job->layer_count; i++)
		failed |= open_layer(&job->layers[i], i);
	return !failed;
}

static int set(int fs, const char *name, const char *value)
{
	return fsconfig(fs, FSCONFIG_SET_STRING, name, value, 0);
}

/* One option a layer: the options of mount(2) have room for about a hundred. */
static int make_overlay(const struct job *job)
{
	char dir[64];
	int mounted, fs = fsopen("overlay", FSOPEN_CLOEXEC);

	if (fs < 0 || set(fs, "source", "overlay"))
		return -1;
	for (int i = job->layer_count - 1; i >= 0; i--) {
		snprintf(dir, sizeof(dir), LAYERS "/%d", i);
		if (set(fs, "lowerdir+", dir))
			return -1;
	}
	/* st_dev of a file is then that of its layer: see list/origin.c. */
	if (set(fs, "upperdir", UPPER) || set(fs, "workdir", WORK) || set(fs, "index", "off") ||
	    set(fs, "xino", "off") || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	/* A layer may have device nodes. A node keeps programs from them by cgroups; this guest has disks. */
	mounted = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV);
	if (mounted < 0 || move_mount(mounted, "", AT_FDCWD, MERGED, MOVE_MOUNT_F_EMPTY_PATH))
		return -1;
	close(fs);
	close(mounted);
	return 0;
}

int mount_overlay(const struct job *job)
{
	int failed;

	mkdir(UPPER, 0755);
	mkdir(WORK, 0755);
	mkdir(MERGED, 0755);
	failed = make_overlay(job);
	event("overlay");
	put_outcome("outcome", failed ? errno : 0);
	send_event();
	return failed;
}

int status_in(int root, const char *path, struct stat *status)
{
	/* Together with O_PATH and O_NOFOLLOW, a link at the end is opened itself. */
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	int fd, failed;

	path += strspn(path, "/");
	fd = syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof(how));
	if (fd < 0)
		return -1;
	failed = fstat(fd, status);
	close(fd);
	return failed;
}

int is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == makedev(0, 0);
}
