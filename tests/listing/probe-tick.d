/* SPDX-License-Identifier: BSD-2-Clause */
/* A tick is run by the consumer. */
tick-1s { trace(1); }
