/* The job: NUL-terminated strings, each record a keyword and a fixed number of values. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "guest.h"

#define MAX_VALUES 5

static const struct {
	const char *keyword;
	int values;
} records[] = {
	{ "version", 1 }, { "module", 2 },    { "policy", 2 }, { "layer", 5 },
	{ "network", 1 }, { "list", 1 },      { "argument", 1 }, { "environment", 1 },
	{ "user", 1 },	  { "directory", 1 }, { "limits", 2 },	 { "health", 4 }, { "check", 1 },
	{ "tamper", 1 },  { "end", 0 },
};

static char *next, *end;

static char *next_string(void)
{
	char *string = next, *stop = memchr(next, '\0', end - next);

	if (!stop)
		fatal("the job is cut off");
	next = stop + 1;
	return string;
}

static int values_of(const char *keyword)
{
	char message[128];

	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		if (!strcmp(keyword, records[i].keyword))
			return records[i].values;
	snprintf(message, sizeof(message), "the job has an unknown record: %.64s", keyword);
	fatal(message);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	fatal("the job has bytes that are not in hexadecimal digits");
}

/* Decoded where the digits are. */
static struct bytes decode(char *hex)
{
	struct bytes bytes = { (unsigned char *)hex, strlen(hex) / 2 };

	if (strlen(hex) % 2)
		fatal("the job has an odd number of hexadecimal digits");
	for (size_t i = 0; i < bytes.length; i++)
		bytes.data[i] = digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]);
	return bytes;
}

static double number(const char *text)
{
	char *rest;
	double value = strtod(text, &rest);

	if (*rest || rest == text || !(value >= 0 && value < 1e15))
		fatal("the job has a number that is none");
	return value;
}

static char **with(char **list, char *item)
{
	size_t count = 0;

	while (list && list[count])
		count++;
	list = resized(list, (count + 2) * sizeof(*list));
	list[count] = item;
	list[count + 1] = NULL;
	return list;
}

static void add_layer(struct job *job, char **value)
{
	struct layer *layer = &job->layers[job->layer_count++];

	if (job->layer_count > MAX_LAYERS)
		fatal("the job has too many layers");
	layer->number = number(value[0]);
	layer->serial = value[1];
	layer->seal.hash_offset = number(value[2]);
	layer->seal.root_hash = value[3];
	if (*value[4])
		layer->seal.signature = decode(value[4]);
}

static void take(struct job *job, const char *keyword, char **value)
{
	if (!strcmp(keyword, "version")) {
		if (strcmp(value[0], "1"))
			fatal("the job is of another version; take the guest files of this program");
	} else if (!strcmp(keyword, "module")) {
		job->modules = resized(job->modules, (job->module_count + 1) * sizeof(*job->modules));
		job->modules[job->module_count++] = (struct module){ value[0], value[1] };
	} else if (!strcmp(keyword, "policy")) {
		job->policies = resized(job->policies, (job->policy_count + 1) * sizeof(*job->policies));
		job->policies[job->policy_count++] = (struct policy){ value[0], decode(value[1]) };
	} else if (!strcmp(keyword, "layer")) {
		add_layer(job, value);
	} else if (!strcmp(keyword, "network")) {
		job->network = value[0][0] == '1';
	} else if (!strcmp(keyword, "list")) {
		job->list = value[0][0] == '1';
	} else if (!strcmp(keyword, "argument")) {
		job->arguments = with(job->arguments, value[0]);
	} else if (!strcmp(keyword, "environment")) {
		job->environment = with(job->environment, value[0]);
	} else if (!strcmp(keyword, "user")) {
		job->user = value[0];
	} else if (!strcmp(keyword, "directory")) {
		job->directory = value[0];
	} else if (!strcmp(keyword, "limits")) {
		job->time = number(value[0]);
		job->alive = number(value[1]);
	} else if (!strcmp(keyword, "health")) {
		job->health.interval = number(value[0]);
		job->health.timeout = number(value[1]);
		job->health.start_period = number(value[2]);
		job->health.retries = number(value[3]);
	} else if (!strcmp(keyword, "check")) {
		job->health.check = with(job->health.check, value[0]);
	} else if (!strcmp(keyword, "tamper")) {
		job->tamper = number(value[0]);
	}
}

void read_job(struct job *job, char *bytes, size_t length)
{
	char *keyword, *value[MAX_VALUES];

	next = bytes;
	end = bytes + length;
	job->arguments = resized(NULL, sizeof(*job->arguments));
	job->environment = resized(NULL, sizeof(*job->environment));
	job->arguments[0] = job->environment[0] = NULL;
	job->user = job->directory = "";
	job->tamper = -1;
	keyword = next_string();
	if (strcmp(keyword, "version"))
		fatal("the job does not begin with its version");
	for (; strcmp(keyword, "end"); keyword = next_string()) {
		int count = values_of(keyword);

		for (int i = 0; i < count; i++)
			value[i] = next_string();
		take(job, keyword, value);
	}
}
