#include "tls.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "listeners.h"

enum { RECORD_BYTES = 16000, HEADER_BYTES = 5, TAG_BYTES = 16, NONCE_BYTES = 12, SOURCE_RECORDS = 64 };

static SSL_CTX *context;

void tls_prepare(void) {
    context = SSL_CTX_new(TLS_client_method());
    if (!context) fail("no TLS");
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

void *tls_open(int fd) {
    SSL *ssl = SSL_new(context);
    if (!ssl || SSL_set_fd(ssl, fd) != 1) fail("no memory");
    SSL_set_connect_state(ssl);
    return ssl;
}

/// As a system call's result: -1 with EAGAIN for: later.
static int outcome(SSL *ssl, int result) {
    int error = SSL_get_error(ssl, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        errno = EAGAIN;
        return -1;
    }
    errno = ECONNRESET;
    return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

int tls_greet(void *tls) {
    int result = SSL_do_handshake(tls);
    if (result == 1) return 1;
    return outcome(tls, result) < 0 && errno == EAGAIN ? 0 : -1;
}

ssize_t tls_send(void *tls, const void *bytes, size_t count) {
    int sent = SSL_write(tls, bytes, (int)count);
    return sent > 0 ? sent : outcome(tls, sent);
}

ssize_t tls_recv(void *tls, void *bytes, size_t count) {
    int taken = SSL_read(tls, bytes, (int)count);
    return taken > 0 ? taken : outcome(tls, taken);
}

size_t tls_pending(void *tls) { return (size_t)SSL_pending(tls); }

void tls_close(void *tls) { SSL_free(tls); }

static double cpu_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double tls_cipher_seconds_per_gib(double seconds, int keys) {
    static uint8_t source[SOURCE_RECORDS][RECORD_BYTES], sealed[RECORD_BYTES + TAG_BYTES];
    uint8_t key[16] = {1}, nonce[NONCE_BYTES] = {0}, header[HEADER_BYTES] = {23, 3, 3, 62, 144};
    EVP_CIPHER_CTX **ciphers = calloc((size_t)keys, sizeof *ciphers);
    if (!ciphers) fail("no memory");
    for (int index = 0; index < keys; index++) {
        memcpy(key, &index, sizeof index);
        ciphers[index] = EVP_CIPHER_CTX_new();
        if (!ciphers[index] || EVP_EncryptInit_ex(ciphers[index], EVP_aes_128_gcm(), NULL, key, nonce) != 1)
            fail("no AES-128-GCM");
    }
    memset(source, 0x55, sizeof source);
    double start = cpu_now(), end = start;
    unsigned long records = 0;
    while (end - start < seconds) {
        for (int turn = 0; turn < 256; turn++, records++) {
            int count = 0;
            EVP_CIPHER_CTX *cipher = ciphers[records % (unsigned long)keys];
            memcpy(nonce, &records, sizeof records);
            EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, nonce);
            EVP_EncryptUpdate(cipher, NULL, &count, header, HEADER_BYTES);
            EVP_EncryptUpdate(cipher, sealed, &count, source[records % SOURCE_RECORDS], RECORD_BYTES);
            EVP_EncryptFinal_ex(cipher, sealed + count, &count);
            EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, sealed + RECORD_BYTES);
        }
        end = cpu_now();
    }
    for (int index = 0; index < keys; index++) EVP_CIPHER_CTX_free(ciphers[index]);
    free(ciphers);
    return (end - start) / ((double)records * RECORD_BYTES / 1073741824);
}
