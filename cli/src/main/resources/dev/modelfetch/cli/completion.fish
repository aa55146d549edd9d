# Completes the command lines of fetch in fish. Made by: fetch completion fish

function __fetch_stored
    sh -c '
@STORED@
'
end

# Prints the command in force, and behind it how many words follow it.
function __fetch_state
    set -l command
    set -l place 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case @VALUED@
                set skip 1
            case '-*'
            case '*'
                if test "$command" = cache -a $place = 0
                    set command "cache $word"
                else if test -z "$command" -a $place = 0
                    switch $word
                        case @COMMANDS@
                            set command $word
                        case '*'
                            set place 1
                    end
                else
                    set place (math $place + 1)
                end
        end
    end
    echo "$command/$place"
end

function __fetch_in
    string match -q -r -- "^($argv[1])/" (__fetch_state)
end

function __fetch_at
    string match -q -r -- "^($argv[1])\$" (__fetch_state)
end

complete -c fetch -f
@COMPLETIONS@
