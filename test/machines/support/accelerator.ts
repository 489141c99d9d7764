import { accessSync, constants, readFileSync } from 'node:fs';

export interface Accelerator {
  /** Of qemu, and their values. */
  options: readonly (readonly [string, string])[];
  /** How much longer than on a processor of its own everything may take. */
  slowness: number;
}

/**
 * Machines run on this one's processor where that can be had, and on an emulated one else. A /dev/kvm without
 * the extensions of the processor is one that runs kernels made for it, and ours slower than an emulation.
 */
export function accelerator(): Accelerator {
  const wanted = process.env['TEST_MACHINES_ACCEL'] ?? (canUseKvm() ? 'kvm' : 'tcg');
  if (wanted === 'kvm')
    return {
      options: [
        ['accel', 'kvm'],
        ['cpu', 'host'],
      ],
      slowness: 1,
    };
  const emulated = [
    ['accel', 'tcg,thread=multi,tb-size=512'],
    ['cpu', 'max,la57=off,svm=off'],
  ] as const;
  return { options: emulated, slowness: 8 };
}

function canUseKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return /^flags\s*:.* (?:vmx|svm) /mu.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}
