#pragma once
#include <libavcodec/avcodec.h>
#include <libavcodec/vorbis_parser.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

/* Macros that Swift cannot import. */
static inline int forever_averror(int code) { return AVERROR(code); }
static inline int forever_averror_eof(void) { return AVERROR_EOF; }
static inline int64_t forever_no_timestamp(void) { return AV_NOPTS_VALUE; }
static inline int forever_codec_flag2_skip_manual(void) { return AV_CODEC_FLAG2_SKIP_MANUAL; }
static inline int forever_codec_flag_bitexact(void) { return AV_CODEC_FLAG_BITEXACT; }
static inline int forever_codec_flag_global_header(void) { return AV_CODEC_FLAG_GLOBAL_HEADER; }
static inline int forever_input_padding(void) { return AV_INPUT_BUFFER_PADDING_SIZE; }
