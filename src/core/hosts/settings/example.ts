/** What `replay hosts init` writes: every setting, those that are not needed in comments. @param name of the fleet */
export function exampleSettings(name: string): string {
  return `// Settings of a fleet of replay hosts. JSON with comments; docs/aws.md explains every setting.
// Flags and environment variables count more than this file: replay hosts up --help.
{
  // For editors, after: replay hosts init --schema > fleet.schema.json
  // "$schema": "./fleet.schema.json",

  // All hosts carry this name as the tag replay:fleet, and are found by it, from any terminal.
  // Take one that nobody else uses in this account and region.
  "name": "${name}",

  // ec2, ssh or local.
  "provider": "ec2",

  // How the hosts reach the orchestrator: its address in their network.
  "orchestrator": "http://10.0.0.5:4000",

  // Never more hosts than this at one time.
  "max_hosts": 20,

  // US dollars for the whole run. What would pass them is not launched. Needs prices, these or fetched ones.
  // "budget": 100,

  // US dollars an hour by instance type, for the cost that is shown, for the budget and for the price cap.
  "prices": {
    "m7a.4xlarge": { "on-demand": 0.93, "spot": 0.40 },
    "r7a.2xlarge": 0.61
  },

  // A host without a job for so long may be stopped by \`hosts down --idle\` and \`serve --autoscale\`.
  // "idle_after": "2m",

  // When a host ends by itself, whatever becomes of the orchestrator, and further flags of replay work.
  "work": {
    "idle_timeout": "15m",
    "max_lifetime": "7d"
    // , "flags": ["--min-free-disk=100"]
  },

  "ec2": {
    "region": "eu-west-1",
    // In several zones, so that EC2 can take the hosts from where there is room.
    "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_groups": ["sg-0123456789abcdef0"],
    "instance_types": ["m7a.4xlarge", "r7a.2xlarge"],
    // Debian or Ubuntu with systemd and cloud-init. "resolve:ssm:NAME" reads the id from a parameter.
    "image": "ami-0123456789abcdef0",
    // The disk for the state of the chain. type, iops, throughput and device are for those who need them.
    "volume": { "size_gib": 500, "type": "gp3" },
    // With the role that lets the hosts read snapshots and blocks from S3.
    "instance_profile": "replay-host",
    // Per cent of the hosts that are spot instances.
    "spot_share": 0
    // Ask AWS what instances cost now, for types of which prices does not say it.
    // , "fetch_prices": true
    // US dollars an hour that one host may cost.
    // , "price_cap": 1.0
    // Says what is not set here: "lt-0123456789abcdef0", a name, or either with ":" and a version.
    // , "launch_template": "lt-0123456789abcdef0"
    // To reach the hosts by ssh.
    // , "key_name": "my-key"
    // Tags of your own.
    // , "tags": { "team": "chain" }
  }
}
`;
}
