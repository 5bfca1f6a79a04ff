// As much of TLS as a listener needs, and what its cipher costs by itself.
#ifndef TLS_H
#define TLS_H

#include <stddef.h>
#include <sys/types.h>

/// Makes the clients' settings. Nobody's certificate is checked: all is loopback.
void tls_prepare(void);
/// A client's end over a connected socket.
void *tls_open(int fd);
/// 1 when both ends are acquainted, 0 when the other end's turn is waited for, -1 when they never will be.
int tls_greet(void *tls);
ssize_t tls_send(void *tls, const void *bytes, size_t count);
/// As `recv`: -1 with EAGAIN when nothing is there.
ssize_t tls_recv(void *tls, void *bytes, size_t count);
/// Bytes that are decrypted and not yet read: more of the record whose beginning was.
size_t tls_pending(void *tls);
/// The socket stays open.
void tls_close(void *tls);

/// Encrypts records of a second's sound with AES-128-GCM, for `keys` listeners in turn, each with a key of its own, for so many
/// seconds of processor time; gives seconds per GiB.
double tls_cipher_seconds_per_gib(double seconds, int keys);

#endif
