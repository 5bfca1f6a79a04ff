#define _GNU_SOURCE
#include "CScriptedCalls.h"
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int change(int fd, struct ifreq *request, unsigned command) {
    struct ethtool_value value = {.cmd = command, .data = 0};
    request->ifr_data = (char *)&value;
    return ioctl(fd, SIOCETHTOOL, request);
}

int private_network_enter(int mtu) {
    if (unshare(CLONE_NEWNET) != 0) return -1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct ifreq request = {0};
    strcpy(request.ifr_name, "lo");
    request.ifr_mtu = mtu;
    int failed = ioctl(fd, SIOCSIFMTU, &request);
    /* Otherwise segments pass in bundles, and their headers are counted once for many. */
    failed |= change(fd, &request, ETHTOOL_STSO) | change(fd, &request, ETHTOOL_SGSO) | change(fd, &request, ETHTOOL_SGRO);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    failed |= ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
    return failed ? -1 : 0;
}

int private_network_sent(uint64_t *bytes, uint64_t *packets) {
    FILE *file = fopen("/proc/thread-self/net/dev", "re");
    if (file == NULL) return -1;
    char line[512];
    int found = -1;
    while (found != 0 && fgets(line, sizeof line, file) != NULL) {
        unsigned long long ignored, sent_bytes, sent_packets;
        if (sscanf(line, " lo: %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu", &ignored, &ignored, &ignored, &ignored,
                   &ignored, &ignored, &ignored, &ignored, &sent_bytes, &sent_packets) == 10) {
            *bytes = sent_bytes;
            *packets = sent_packets;
            found = 0;
        }
    }
    fclose(file);
    return found;
}
