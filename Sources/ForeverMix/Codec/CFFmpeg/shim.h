#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

/* Macros that Swift cannot import. */
static inline int forever_averror(int code) { return AVERROR(code); }
static inline int forever_averror_eof(void) { return AVERROR_EOF; }
