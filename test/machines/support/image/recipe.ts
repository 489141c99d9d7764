/** What the Debian that the tests boot is made of: in what counts for a replay host, an image as Debian has for EC2. */
export const RECIPE = {
  suite: 'bookworm',
  packages: [
    'systemd-sysv',
    'libpam-systemd',
    'dbus',
    'udev',
    'iproute2',
    'linux-image-cloud-amd64',
    'cloud-init',
    'cloud-guest-utils',
    'curl',
    'ca-certificates',
    'e2fsprogs',
    'xfsprogs',
    'mdadm',
    // What a dependency of cloud-init needs by another name, which debootstrap does not see.
    'python3-cffi-backend',
    // How the tests look into the machine; cloud images have it, too.
    'qemu-guest-agent',
  ],
  enabled: ['systemd-networkd.service'],
  /** Nothing that a replay host has to do with; on an emulated processor they take time. */
  masked: [
    'apt-daily.timer',
    'apt-daily-upgrade.timer',
    'dpkg-db-backup.timer',
    'e2scrub_all.timer',
    'e2scrub_reap.service',
    'fstrim.timer',
    'getty@tty1.service',
    'serial-getty@ttyS0.service',
  ],
  files: {
    '/etc/fstab': 'LABEL=root / ext4 errors=remount-ro 0 1\n',
    '/etc/hostname': 'debian\n',
    // Made at the first boot.
    '/etc/machine-id': '',
    // As in Debian's own image.
    '/etc/cloud/cloud.cfg.d/50_image.cfg': 'locale: C.UTF-8\n',
    '/etc/default/locale': 'LANG=C.UTF-8\n',
    '/etc/resolv.conf': 'nameserver 169.254.0.3\n',
  },
  /** GiB, of which little is written. */
  diskGib: 8,
  /** Of the partition of the root file system. */
  partition: '7265706c-6179-4d61-6368-696e65303031',
} as const;
