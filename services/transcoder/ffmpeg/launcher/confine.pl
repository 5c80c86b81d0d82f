# confine.pl PROGRAM ARGUMENT…: runs a program that can reach nothing but this working folder and the system's libraries.
# In Perl, because every Debian has it and it can call the kernel; nothing else there can without more rights.
#
# Landlock, as far as the kernel has it: no file outside of the working folder but the libraries, and those read-only; no
# link, no device; no TCP; no signal to others and no look into their memory. The rest by seccomp: no socket of any kind, no
# second process, no way to other processes. It takes no privilege, and cannot be taken off again.
use strict;
use warnings;
use Config;

my %calls = $Config{archname} =~ /^x86_64/
  ? (prctl => 157, clone => 56, arch => 0xC000003E, refused => [
      41, 53,              # socket, socketpair
      57, 58,              # fork, vfork
      62, 200,             # kill, tkill
      101, 310, 311,       # ptrace, process_vm_readv, process_vm_writev
      165, 272, 308,       # mount, unshare, setns
      248, 249, 250,       # add_key, request_key, keyctl
      298, 321, 323 ])     # perf_event_open, bpf, userfaultfd
  : (prctl => 167, clone => 220, arch => 0xC00000B7, refused => [
      198, 199, 129, 130, 117, 270, 271, 40, 97, 268, 217, 218, 219, 241, 280, 282 ]);
push @{$calls{refused}}, 424, 425, 434, 438; # pidfd_send_signal, io_uring_setup, pidfd_open, pidfd_getfd: the same everywhere

restrict_files();
restrict_calls();
exec { $ARGV[0] } @ARGV or die "$ARGV[0] cannot be run: $!\n";

sub restrict_files {
  my $abi = syscall(444, 0, 0, 1); # landlock_create_ruleset, asked for its version
  return if $abi < 1;
  my $every = $abi >= 5 ? 0xffff : $abi >= 3 ? 0x7fff : $abi >= 2 ? 0x3fff : 0x1fff;
  my $size = $abi >= 6 ? 24 : $abi >= 4 ? 16 : 8;
  my $rules = syscall(444, pack('QQQ', $every, 3, 3), $size, 0); # no TCP; signals and sockets stay inside
  die "landlock: $!\n" if $rules < 0;
  my ($read_file, $read_folder) = (0x4, 0xd); # read; execute, read, list
  my $work = 0x41ae & $every; # write, read, list, remove files, make files and folders, cut files
  allow($rules, $work, '.');
  allow($rules, $read_folder, $_) for qw(/usr /lib /lib64 /bin /sys/devices/system);
  allow($rules, $read_file, $_) for qw(/etc/ld.so.cache /proc/cpuinfo /proc/meminfo /dev/urandom /dev/null);
  syscall(446, $rules, 0) == 0 or die "landlock: $!\n";
}

sub allow {
  my ($rules, $access, $path) = @_;
  sysopen(my $place, $path, 0x200000 | 0x80000) or return; # O_PATH, O_CLOEXEC; what is not there is not needed
  syscall(445, $rules, 1, pack('Ql', $access, fileno $place), 0) == 0 or die "landlock: $path: $!\n";
}

sub restrict_calls {
  my ($refuse, $unknown) = (0x00050000 | 13, 0x00050000 | 38); # EACCES; ENOSYS, which has the C library try clone
  my @filter = (
    [0x20, 0, 0, 4], [0x15, 1, 0, $calls{arch}], [0x06, 0, 0, 0x80000000], # another architecture's calls end it
    [0x20, 0, 0, 0], [0x35, 0, 1, 0x40000000], [0x06, 0, 0, $refuse],
    [0x15, 0, 1, 435], [0x06, 0, 0, $unknown],
    (map { ([0x15, 0, 1, $_], [0x06, 0, 0, $refuse]) } @{$calls{refused}}),
    [0x15, 0, 3, $calls{clone}], [0x20, 0, 0, 16], [0x45, 1, 0, 0x10000], [0x06, 0, 0, $refuse], # threads only
    [0x06, 0, 0, 0x7fff0000],
  );
  my $code = join '', map { pack 'SCCL', @$_ } @filter;
  syscall($calls{prctl}, 22, 2, pack('S x6 P', scalar @filter, $code), 0, 0) == 0 or die "seccomp: $!\n";
}
