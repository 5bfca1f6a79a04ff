// The listeners' command line; listeners.c says what each option means.
#include <arpa/inet.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "listeners.h"

Settings settings = {.count = 100, .arrivals = 1000, .settle = 3, .window_count = 1, .windows = {10},
                     .sample = 8, .byte_rate = 16000, .burst = 96000};

static void parse_windows(char *text) {
    settings.window_count = 0;
    for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
        if (settings.window_count == WINDOWS_MAX || atof(word) <= 0) fail("--windows");
        settings.windows[settings.window_count++] = atof(word);
    }
}

static void parse_url(const char *url) {
    char address[16];
    int port = 0, path_at = 0;
    struct in_addr ip;
    settings.is_protected = strncmp(url, "https://", 8) == 0;
    const char *form = settings.is_protected ? "https://%15[0-9.]:%d%n" : "http://%15[0-9.]:%d%n";
    if (sscanf(url, form, address, &port, &path_at) < 2 || inet_pton(AF_INET, address, &ip) != 1)
        fail("the URL must be http://127.0.0.1:PORT/PATH, or https");
    if (ntohl(ip.s_addr) >> 24 != 127) fail("not a loopback address");
    settings.server = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = ip, .sin_port = htons((uint16_t)port)};
    settings.request_bytes = (size_t)snprintf(
        settings.request, sizeof settings.request,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUser-Agent: bench-listeners\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        url[path_at] ? url + path_at : "/", address, port);
    if (settings.request_bytes >= sizeof settings.request) fail("the URL is too long");
}

void parse_options(int argc, char **argv) {
    static const struct option options[] = {
        {"count", 1, 0, 'n'}, {"arrivals", 1, 0, 'r'}, {"settle", 1, 0, 's'}, {"windows", 1, 0, 'w'},
        {"mss", 1, 0, 'm'},   {"stall", 1, 0, 'x'},    {"slow", 1, 0, 'l'},   {"return", 1, 0, 't'},
        {"churn", 1, 0, 'c'}, {"sample", 1, 0, 'k'},   {"byte-rate", 1, 0, 'b'}, {"burst", 1, 0, 'u'},
        {"cipher", 1, 0, 'e'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) switch (option) {
        case 'n': settings.count = atoi(optarg); break;
        case 'r': settings.arrivals = atof(optarg); break;
        case 's': settings.settle = atof(optarg); break;
        case 'w': parse_windows(optarg); break;
        case 'm': settings.mss = atoi(optarg); break;
        case 'x': settings.stalled = atof(optarg); break;
        case 'l': settings.slow = atof(optarg); break;
        case 't': settings.return_after = atof(optarg); break;
        case 'c': settings.churn = atof(optarg); break;
        case 'k': settings.sample = atoi(optarg); break;
        case 'b': settings.byte_rate = atof(optarg); break;
        case 'u': settings.burst = atof(optarg); break;
        case 'e': settings.cipher_seconds = atof(optarg); break;
        default: exit(2);
        }
    if (optind != argc - 1 && settings.cipher_seconds <= 0) fail("one URL is wanted");
    if (settings.count < 1 || settings.count > LISTENERS_MAX || settings.arrivals <= 0 || settings.byte_rate <= 0
        || settings.stalled < 0 || settings.slow < 0 || settings.stalled + settings.slow > 1)
        fail("an option is out of bounds");
    if (settings.cipher_seconds <= 0) parse_url(argv[optind]);
}
