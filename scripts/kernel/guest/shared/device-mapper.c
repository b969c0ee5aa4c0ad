/* Devices of the device mapper: dm-verity over a layer's disk, and any other table. */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "device-mapper.h"

#define KEY_NAME "layer-signature"
#define CONTROL DEVICE_NODE "control"

/* On disk, little-endian: what stands in front of a hash tree. [cryptsetup, lib/verity/verity.c] */
struct superblock {
	uint8_t signature[8];
	uint32_t version;
	uint32_t hash_type;
	uint8_t uuid[16];
	uint8_t algorithm[32];
	uint32_t data_block_size;
	uint32_t hash_block_size;
	uint64_t data_blocks;
	uint16_t salt_size;
	uint8_t unused[6];
	uint8_t salt[256];
} __attribute__((packed));

/* Requests go to the device mapper in one buffer, header first. */
static union {
	struct dm_ioctl header;
	char bytes[16384];
} request;

static int send_request(unsigned long command, const char *name)
{
	int fd = open(CONTROL, O_RDWR | O_CLOEXEC), result, error;

	if (fd < 0)
		return -1;
	request.header.version[0] = DM_VERSION_MAJOR;
	request.header.data_size = sizeof(request);
	request.header.data_start = sizeof(request.header);
	snprintf(request.header.name, sizeof(request.header.name), "%s", name);
	result = ioctl(fd, command, &request);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static void new_request(void)
{
	memset(&request, 0, sizeof(request));
}

int remove_device(const char *name)
{
	char node[128];

	snprintf(node, sizeof(node), DEVICE_NODE "%s", name);
	unlink(node);
	new_request();
	return send_request(DM_DEV_REMOVE, name);
}

static int load_table(const char *name, const struct target *targets, int count)
{
	char *place = request.bytes + sizeof(request.header);

	new_request();
	request.header.flags = DM_READONLY_FLAG;
	request.header.target_count = count;
	for (int i = 0; i < count; i++) {
		struct dm_target_spec *spec = (void *)place;
		size_t length = sizeof(*spec) + strlen(targets[i].arguments) + 1;

		length = (length + 7) & ~(size_t)7;
		if (place + length > request.bytes + sizeof(request)) {
			errno = E2BIG;
			return -1;
		}
		spec->sector_start = targets[i].start;
		spec->length = targets[i].sectors;
		spec->next = length;
		strcpy(spec->target_type, targets[i].type);
		strcpy((char *)(spec + 1), targets[i].arguments);
		place += length;
	}
	return send_request(DM_TABLE_LOAD, name);
}

int make_device(const char *name, const struct target *targets, int count)
{
	char node[128];
	uint64_t number;
	int error;

	new_request();
	if (send_request(DM_DEV_CREATE, name))
		return -1;
	/* As the kernel packs it: 12 bits of the major number between those of the minor one. */
	number = request.header.dev;
	snprintf(node, sizeof(node), DEVICE_NODE "%s", name);
	unlink(node);
	if (mknod(node, S_IFBLK | 0600,
		  makedev((number >> 8) & 0xfff, (number & 0xff) | ((number >> 12) & 0xfff00))) == 0 &&
	    load_table(name, targets, count) == 0) {
		new_request();
		/* "Suspend" without the suspend flag: resume. */
		if (send_request(DM_DEV_SUSPEND, name) == 0)
			return 0;
	}
	error = errno;
	remove_device(name);
	errno = error;
	return -1;
}

static int is_block_size(uint32_t size)
{
	return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

/* The target's arguments, as Documentation/admin-guide/device-mapper/verity.rst lists them. */
int verity_table(const char *device, const struct seal *seal, struct verity *verity)
{
	char salt[2 * 256 + 1] = "-";
	struct superblock block;
	int fd = open(device, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = pread(fd, &block, sizeof(block), seal->hash_offset);
	close(fd);
	verity->data_block = le32toh(block.data_block_size);
	verity->hash_block = le32toh(block.hash_block_size);
	verity->data_blocks = le64toh(block.data_blocks);
	if (length != sizeof(block) || memcmp(block.signature, "verity\0\0", 8) ||
	    !is_block_size(verity->data_block) || !is_block_size(verity->hash_block)) {
		errno = EBADF;
		return -1;
	}
	for (unsigned int i = 0; i < le16toh(block.salt_size) && i < sizeof(block.salt); i++)
		snprintf(salt + 2 * i, 3, "%02x", block.salt[i]);
	verity->target.start = 0;
	verity->target.sectors = verity->data_blocks * (verity->data_block / 512);
	verity->target.type = "verity";
	snprintf(verity->target.arguments, sizeof(verity->target.arguments),
		 "%u %s %s %u %u %llu %llu %.32s %.256s %s%s", le32toh(block.hash_type), device, device,
		 verity->data_block, verity->hash_block, (unsigned long long)verity->data_blocks,
		 (unsigned long long)(seal->hash_offset / verity->hash_block + 1), block.algorithm,
		 seal->root_hash, salt, seal->signature.data ? " 2 root_hash_sig_key_desc " KEY_NAME : "");
	return 0;
}

/* The kernel takes the signature from a key that the table names, and judges it when the table is loaded. */
int open_verity(const char *name, const struct verity *verity, const struct seal *seal)
{
	if (seal->signature.data &&
	    syscall(SYS_add_key, "user", KEY_NAME, seal->signature.data, seal->signature.length,
		    KEY_SPEC_PROCESS_KEYRING) < 0)
		return -1;
	return make_device(name, &verity->target, 1);
}
