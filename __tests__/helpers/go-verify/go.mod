module go-verify

go 1.25
