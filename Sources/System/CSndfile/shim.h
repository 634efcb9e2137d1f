#ifndef OFFBEAT_CSNDFILE_SHIM_H
#define OFFBEAT_CSNDFILE_SHIM_H

#include <sndfile.h>

#endif
