/* Which layer a file of the merged tree is from. */
#define _GNU_SOURCE
#include "list.h"

const struct job *listed_job;
int layer_roots[MAX_LAYERS], merged_root;

static int topmost(const char *path)
{
	struct stat status;

	for (int i = listed_job->layer_count - 1; i >= 0; i--)
		if (status_in(layer_roots[i], path, &status) == 0)
			return i;
	return -1;
}

/* Overlayfs gives a file that is no folder an st_dev for each file system below it. */
int origin_of_merged(const char *path, const struct stat *status)
{
	static struct {
		dev_t device;
		int position;
	} known[MAX_LAYERS];
	static int count;
	int position;

	for (int i = 0; i < count; i++)
		if (known[i].device == status->st_dev)
			return known[i].position;
	position = topmost(path);
	if (position >= 0 && count < MAX_LAYERS && !S_ISDIR(status->st_mode)) {
		known[count].device = status->st_dev;
		known[count++].position = position;
	}
	return position;
}
