/**
 * A script that finds the disk for the chain's state by what it is, and mounts it. It runs at every boot and may
 * run again at any time.
 *
 * - What it has formatted before it knows by its label.
 * - Else instance storage, which is the fastest; several become one (RAID 0) where mdadm is there, and without
 *   it the largest is taken.
 * - Else the largest other disk. Of these, and of instance storage, only those count that are empty: without
 *   partitions, without the signature of a file system or of anything else, not mounted, not read-only. Nothing
 *   that could be somebody's is ever formatted.
 * - Else the root disk is used as it is.
 */
export const DATA_VOLUME_SCRIPT = `#!/bin/bash
# Finds, formats when it is empty, and mounts the disk for the state of the chain.
set -euo pipefail
folder=$1
label=replay-data

say() { echo "replay: $*"; }

is_empty() {
  # One line: the disk itself, without partitions and whatever stands upon it.
  [ "$(lsblk -rno NAME "$1" | wc -l)" -eq 1 ] || return 1
  [ -z "$(lsblk -rno MOUNTPOINT "$1" | tr -d '[:space:]')" ] || return 1
  # Signatures of file systems, RAID, LVM, encryption, swap, partition tables.
  local found
  found=$(wipefs --no-act --parsable "$1" | { grep -v '^#' || true; }) || return 1
  [ -z "$found" ]
}

# Bytes and path of each empty disk whose model matches, or does not match, that of instance storage.
empty_disks() {
  local path type ro size model
  while read -r path; do
    type=$(lsblk -dno TYPE "$path")
    ro=$(lsblk -dno RO "$path")
    size=$(lsblk -bdno SIZE "$path")
    model=$(lsblk -dno MODEL "$path")
    if [ "$type" != disk ] || [ "\${ro// /}" != 0 ] || [ "\${size// /}" -lt 8000000000 ]; then continue; fi
    case "$model" in
      *'Instance Storage'*) [ "$1" = instance ] || continue ;;
      *) [ "$1" = other ] || continue ;;
    esac
    if is_empty "$path"; then echo "\${size// /} $path"; fi
  done < <(lsblk -dnpo NAME)
}

largest() { sort -rn | head -n 1 | cut -d ' ' -f 2; }

format() {
  say "formats $1"
  if command -v mkfs.xfs >/dev/null; then mkfs.xfs -q -L "$label" "$1"; else mkfs.ext4 -q -m 0 -L "$label" "$1"; fi
}

choose() {
  local disks
  mapfile -t disks < <(empty_disks instance | sort -rn | cut -d ' ' -f 2)
  if [ "\${#disks[@]}" -gt 1 ] && command -v mdadm >/dev/null; then
    mdadm --create /dev/md/replay --run --quiet --level=0 --raid-devices="\${#disks[@]}" "\${disks[@]}" >&2
    echo /dev/md/replay
  elif [ "\${#disks[@]}" -gt 0 ]; then
    echo "\${disks[0]}"
  else
    empty_disks other | largest
  fi
}

mkdir -p "$folder"
if mountpoint -q "$folder"; then
  say "$folder is mounted already"
  exit 0
fi
# Disks are told of one by one when the machine starts: without this its own might not be there yet.
if command -v udevadm >/dev/null; then udevadm settle --timeout=60 || true; fi
device=$(blkid -L "$label" || true)
if [ -z "$device" ]; then
  device=$(choose)
  if [ -z "$device" ]; then
    say "there is no empty disk: the root disk is used"
    exit 0
  fi
  format "$device"
fi
mount -o noatime "$device" "$folder"
say "$device is mounted on $folder"
`;
