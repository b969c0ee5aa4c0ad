/* SHA-256 [FIPS 180-4], for programs that run where there is no library. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sha256 {
	uint32_t state[8];
	uint64_t length;
	uint8_t block[64];
};

static const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t sha256_rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

/* One round; the caller rotates the names instead of the values. */
#define SHA256_ROUND(a, b, c, d, e, f, g, h, i)                                                          \
	do {                                                                                             \
		uint32_t t = h + (sha256_rotate(e, 6) ^ sha256_rotate(e, 11) ^ sha256_rotate(e, 25)) +   \
			     ((e & f) ^ (~e & g)) + sha256_constants[i] + w[i];                          \
		d += t;                                                                                  \
		h = t + (sha256_rotate(a, 2) ^ sha256_rotate(a, 13) ^ sha256_rotate(a, 22)) +            \
		    ((a & b) ^ (a & c) ^ (b & c));                                                       \
	} while (0)

static void sha256_block(struct sha256 *sha, const uint8_t *block)
{
	uint32_t *s = sha->state, w[64];
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 |
		       block[4 * i + 3];
	for (int i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (sha256_rotate(w[i - 15], 7) ^ sha256_rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (sha256_rotate(w[i - 2], 17) ^ sha256_rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
	for (int i = 0; i < 64; i += 8) {
		SHA256_ROUND(a, b, c, d, e, f, g, h, i);
		SHA256_ROUND(h, a, b, c, d, e, f, g, i + 1);
		SHA256_ROUND(g, h, a, b, c, d, e, f, i + 2);
		SHA256_ROUND(f, g, h, a, b, c, d, e, i + 3);
		SHA256_ROUND(e, f, g, h, a, b, c, d, i + 4);
		SHA256_ROUND(d, e, f, g, h, a, b, c, i + 5);
		SHA256_ROUND(c, d, e, f, g, h, a, b, i + 6);
		SHA256_ROUND(b, c, d, e, f, g, h, a, i + 7);
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
}

static void sha256_start(struct sha256 *sha)
{
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(sha->state, start, sizeof(start));
	sha->length = 0;
}

static void sha256_add(struct sha256 *sha, const uint8_t *bytes, size_t size)
{
	size_t filled = sha->length % 64;

	sha->length += size;
	if (filled) {
		size_t part = size < 64 - filled ? size : 64 - filled;

		memcpy(sha->block + filled, bytes, part);
		bytes += part;
		size -= part;
		if (filled + part < 64)
			return;
		sha256_block(sha, sha->block);
	}
	for (; size >= 64; bytes += 64, size -= 64)
		sha256_block(sha, bytes);
	memcpy(sha->block, bytes, size);
}

static void sha256_end(struct sha256 *sha, char hex[65])
{
	uint64_t bits = sha->length * 8;
	uint8_t tail[72] = { 0x80 };
	size_t padding = (119 - sha->length % 64) % 64 + 1;

	for (int i = 0; i < 8; i++)
		tail[padding + i] = bits >> (56 - 8 * i);
	sha256_add(sha, tail, padding + 8);
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < 8; k++)
			hex[8 * i + k] = "0123456789abcdef"[sha->state[i] >> (28 - 4 * k) & 15];
	hex[64] = '\0';
}
