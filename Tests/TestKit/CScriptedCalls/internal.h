#pragma once
#include "CScriptedCalls.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SCRIPTED_OFF 1
#endif
#endif
#ifndef SCRIPTED_OFF
#define SCRIPTED_OFF 0
#endif
