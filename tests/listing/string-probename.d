/* SPDX-License-Identifier: BSD-2-Clause */
/* A name of the probe is a literal. */
BEGIN { trace(probename); }
